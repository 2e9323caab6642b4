using MailCluster.Node.Membership;

namespace MailCluster.Node.Http;

/// <summary>
/// Answers for probes: <c>live</c> as long as the process answers at all, <c>ready</c> where the node can do its work.
/// Nothing secret, so no token.
/// </summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new HealthJson("live")));
        routes.MapGet("/health/ready", async (IReadiness readiness, CancellationToken cancellation) =>
            await readiness.FindTroubleAsync(cancellation) is { } trouble
                ? TypedResults.Problem(trouble, statusCode: StatusCodes.Status503ServiceUnavailable)
                : (IResult)TypedResults.Ok(new HealthJson("ready")));
    }
}

internal sealed record HealthJson(string Status);
