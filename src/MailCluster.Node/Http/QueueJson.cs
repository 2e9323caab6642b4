using System.Collections.Immutable;
using MailCluster.Mail.Envelopes;
using MailCluster.Queue;

namespace MailCluster.Node.Http;

/// <summary>One page of the queue; <paramref name="Next"/> is what to ask for behind it, null at the end.</summary>
internal sealed record QueuePageJson(ImmutableArray<QueueEntryJson> Entries, string? Next);

/// <summary>An entry as a line of a listing. <paramref name="From"/> is empty for the null reverse-path.</summary>
internal sealed record QueueEntryJson(
    string Id, EntryStatus Status, string From, string To, int PendingRecipients, long Size, DateTimeOffset AcceptedAt,
    DateTimeOffset? NextAttemptAt, string? LastReply)
{
    public static QueueEntryJson Of(QueueEntrySummary entry) => new(
        entry.Id.ToString(), entry.Status, entry.ReversePath.ToAddressText(), entry.FirstRecipient.Address.ToString(),
        entry.PendingRecipients, entry.Size, entry.AcceptedAt, entry.NextAttemptAt, entry.LastReply);
}

/// <summary>Everything about an entry.</summary>
internal sealed record QueueDetailsJson(
    QueueEntryJson Entry, DateTimeOffset ExpiresAt, string? EnvelopeId, ImmutableArray<QueueRecipientJson> Recipients)
{
    public static QueueDetailsJson Of(QueueEntryDetails details) => new(
        QueueEntryJson.Of(details.Summary), details.ExpiresAt, details.EnvelopeId,
        [.. details.Recipients.Select(QueueRecipientJson.Of)]);
}

/// <summary>One recipient, and what was last heard of it.</summary>
internal sealed record QueueRecipientJson(
    string Address, string Target, RecipientStatus Status, int Attempts, DateTimeOffset? NextAttemptAt,
    string? LastReply, string? LastRemote)
{
    public static QueueRecipientJson Of(RecipientDetails recipient) => new(
        recipient.Path.Address.ToString(), Describe(recipient.Target), recipient.Status, recipient.Attempts,
        recipient.NextAttemptAt, recipient.LastReply?.ToString(), recipient.LastRemote);

    private static string Describe(DeliveryTarget target) => target switch
    {
        DeliveryTarget.Remote remote => remote.Domain.Text,
        _ => "mailbox",
    };
}

/// <summary>How many entries a request changed.</summary>
internal sealed record QueueChangeJson(int Changed);
