using MailCluster.Actors.Queue;
using MailCluster.Queue;

namespace MailCluster.Node.Http;

/// <summary>
/// Answers for probes: <c>live</c> as long as the process answers at all, <c>ready</c> when every queue partition does,
/// without which no mail could be accepted. Nothing secret, so no token.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(3);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new HealthJson("live")));
        routes.MapGet("/health/ready", IsReadyAsync);
    }

    private static async Task<IResult> IsReadyAsync(
        IQueueAdministration queue, TimeProvider time, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(ReadyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await queue.ListAsync(new ListMessages(null, null, null, null, Limit: 1, null), either.Token)
                .WaitAsync(either.Token);
            return TypedResults.Ok(new HealthJson("ready"));
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return TypedResults.Problem(
                "the queue does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}

internal sealed record HealthJson(string Status);
