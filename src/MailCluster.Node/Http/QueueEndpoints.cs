using MailCluster.Actors.Queue;
using MailCluster.Mail.Identity;
using MailCluster.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MailCluster.Node.Http;

/// <summary>
/// The queue, for operators: look, retry, hold, release, remove; one entry, or all that a filter matches.
/// </summary>
internal static class QueueEndpoints
{
    /// <summary>Entries that one request changes at the same time.</summary>
    private const int MaxParallel = 16;

    private static readonly (string Name, Func<QueueId, bool, IQueueCommand> Create)[] Actions =
    [
        ("retry", (id, _) => new RetryMessage(id)),
        ("hold", (id, _) => new HoldMessage(id)),
        ("release", (id, _) => new ReleaseMessage(id)),
        ("remove", (id, notify) => new RemoveMessage(id, notify)),
    ];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/queue", ListAsync);
        api.MapGet("/queue/{id}", ShowAsync);
        foreach (var (name, create) in Actions)
        {
            api.MapPost(
                $"/queue/{{id}}/{name}",
                (QueueId id, bool? notify, IQueueAdministration queue, CancellationToken cancellation) =>
                    ChangeAsync(id, create(id, notify ?? false), queue, cancellation));
            api.MapPost(
                $"/queue/{name}",
                (HttpRequest request, bool? notify, IQueueAdministration queue, TimeProvider time,
                    CancellationToken cancellation) =>
                    ChangeAllAsync(request, id => create(id, notify ?? false), queue, time.GetUtcNow(), cancellation));
        }
    }

    private static async Task<Results<Ok<QueuePageJson>, ProblemHttpResult>> ListAsync(
        HttpRequest request, IQueueAdministration queue, CancellationToken cancellation)
    {
        if (!QueueFilter.TryRead(request.Query, out var filter, out var trouble))
        {
            return BadFilter(trouble);
        }

        var entries = await queue.ListAsync(filter, cancellation);
        var next = entries.Length < filter.Limit ? null : entries[^1].Id.ToString();
        return TypedResults.Ok(new QueuePageJson([.. entries.Select(QueueEntryJson.Of)], next));
    }

    private static async Task<Results<Ok<QueueDetailsJson>, ProblemHttpResult>> ShowAsync(
        QueueId id, IQueueAdministration queue, CancellationToken cancellation) =>
        await queue.ShowAsync(id, cancellation) is { } details
            ? TypedResults.Ok(QueueDetailsJson.Of(details))
            : NoSuchEntry(id);

    private static async Task<Results<Ok<QueueChangeJson>, ProblemHttpResult>> ChangeAsync(
        QueueId id, IQueueCommand command, IQueueAdministration queue, CancellationToken cancellation) =>
        await queue.ExecuteAsync(command, cancellation) ? TypedResults.Ok(new QueueChangeJson(1)) : NoSuchEntry(id);

    /// <summary>
    /// Page by page, so that memory does not grow with the queue; messages that come in meanwhile are not meant.
    /// </summary>
    private static async Task<Results<Ok<QueueChangeJson>, ProblemHttpResult>> ChangeAllAsync(
        HttpRequest request, Func<QueueId, IQueueCommand> create, IQueueAdministration queue, DateTimeOffset begin,
        CancellationToken cancellation)
    {
        if (!QueueFilter.TryRead(request.Query, out var filter, out var trouble))
        {
            return BadFilter(trouble);
        }

        var changed = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellation };
        var page = filter with { Limit = QueueFilter.MaxLimit };
        while (true)
        {
            var entries = await queue.ListAsync(page, cancellation);
            var meant = entries.Where(entry => entry.AcceptedAt <= begin);
            await Parallel.ForEachAsync(meant, parallel, async (entry, token) =>
            {
                if (await queue.ExecuteAsync(create(entry.Id), token))
                {
                    Interlocked.Increment(ref changed);
                }
            });
            if (entries.Length < page.Limit)
            {
                return TypedResults.Ok(new QueueChangeJson(changed));
            }

            page = page with { After = entries[^1].Id };
        }
    }

    private static ProblemHttpResult NoSuchEntry(QueueId id) => TypedResults.Problem(
        $"there is no entry {id} in the queue", statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult BadFilter(string trouble) => TypedResults.Problem(
        trouble, statusCode: StatusCodes.Status400BadRequest);
}
