using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue;

/// <summary>Entries that match all that is given; answered with <see cref="MessageList"/>, in the order of ids.</summary>
/// <param name="Destination">Domain of a recipient.</param>
/// <param name="Sender">Reverse-path; empty text is the null one.</param>
/// <param name="Recipient">Address of a recipient.</param>
/// <param name="Status">What the entry waits for.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="After">Only ids behind this one: the next page.</param>
public sealed record ListMessages(
    DomainName? Destination, string? Sender, string? Recipient, EntryStatus? Status, int Limit, QueueId? After);

/// <summary>One entry; answered with <see cref="MessageDetails"/>.</summary>
public sealed record GetMessage(QueueId QueueId) : IWithQueueId;

public sealed record MessageList(ImmutableArray<QueueEntrySummary> Entries);

public sealed record MessageDetails(QueueEntryDetails? Entry);

/// <summary>What an entry waits for.</summary>
public enum EntryStatus
{
    /// <summary>An attempt is due or under way.</summary>
    Active,

    /// <summary>A transient failure happened; there is a next attempt.</summary>
    Deferred,

    /// <summary>An operator stopped it.</summary>
    Held,
}

/// <summary>A line of a listing.</summary>
public sealed record QueueEntrySummary(
    QueueId Id, EntryStatus Status, ReversePath ReversePath, long Size, DateTimeOffset AcceptedAt,
    DateTimeOffset? NextAttemptAt, int PendingRecipients, ForwardPath FirstRecipient, string? LastReply);

/// <summary>Everything about an entry.</summary>
public sealed record QueueEntryDetails(
    QueueEntrySummary Summary, BodyType BodyType, bool Utf8, string? EnvelopeId, DateTimeOffset ExpiresAt,
    ImmutableArray<RecipientDetails> Recipients);

/// <summary>One recipient, and what was last heard of it.</summary>
public sealed record RecipientDetails(
    ForwardPath Path, DeliveryTarget Target, RecipientStatus Status, int Attempts, DateTimeOffset? NextAttemptAt,
    Reply? LastReply, string? LastRemote);
