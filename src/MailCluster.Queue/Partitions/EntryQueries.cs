using System.Collections.Immutable;

namespace MailCluster.Queue;

/// <summary>Answers questions about entries. Pure.</summary>
internal static class EntryQueries
{
    public static ImmutableArray<QueueEntrySummary> List(
        IEnumerable<QueueEntry> entries, ListMessages query, DateTimeOffset now) =>
    [
        .. entries
            .Where(entry => Matches(entry, query, now))
            .OrderBy(entry => entry.Id)
            .Take(query.Limit)
            .Select(entry => Summarize(entry, now)),
    ];

    public static QueueEntryDetails Describe(QueueEntry entry, DateTimeOffset now) => new(
        Summarize(entry, now),
        entry.BodyType,
        entry.Utf8,
        entry.EnvelopeId,
        entry.ExpiresAt,
        ImmutableArray.CreateRange(entry.Recipients, r => new RecipientDetails(
            r.Path, r.Target, r.Status, r.Attempts, r.IsPending ? r.NextAttemptAt : null, r.LastReply, r.LastRemote)));

    private static bool Matches(QueueEntry entry, ListMessages query, DateTimeOffset now) =>
        (query.After is not { } after || entry.Id > after)
        && (query.Status is not { } status || StatusOf(entry, now) == status)
        && (query.Sender is not { } sender
            || string.Equals(entry.ReversePath.ToAddressText(), sender, StringComparison.OrdinalIgnoreCase))
        && (query.Destination is not { } domain || entry.Recipients.Any(r => r.Path.Domain == domain))
        && (query.Recipient is not { } recipient || entry.Recipients.Any(
            r => string.Equals(r.Path.Address.ToString(), recipient, StringComparison.OrdinalIgnoreCase)));

    private static QueueEntrySummary Summarize(QueueEntry entry, DateTimeOffset now)
    {
        var telling = entry.Recipients.FirstOrDefault(r => r.IsPending) ?? entry.Recipients[0];
        return new QueueEntrySummary(
            entry.Id,
            StatusOf(entry, now),
            entry.ReversePath,
            entry.Size,
            entry.AcceptedAt,
            entry.Held ? null : entry.NextAttemptAt,
            entry.Recipients.Count(r => r.IsPending),
            telling.Path,
            telling.LastReply?.ToString());
    }

    private static EntryStatus StatusOf(QueueEntry entry, DateTimeOffset now) =>
        entry.Held ? EntryStatus.Held
        : entry.NextAttemptAt > now ? EntryStatus.Deferred
        : EntryStatus.Active;
}
