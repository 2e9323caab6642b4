using System.Collections.Immutable;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue;

/// <summary>Asks a partition to change an entry; answered with an <see cref="IQueueAnswer"/>.</summary>
public interface IQueueCommand : IWithQueueId;

/// <summary>
/// Take over a message whose body is in the spool: from a connection, repeated until answered with
/// <see cref="MessageAccepted"/>, <see cref="MessageAlreadyQueued"/> or <see cref="MessageRejected"/>.
/// </summary>
public sealed record EnqueueMessage(QueueId QueueId, Envelope Envelope, long Size) : IQueueCommand;

/// <summary>Some recipients were tried: from the partition's actor to its state.</summary>
public sealed record RecordAttempt(QueueId QueueId, ImmutableArray<RecipientOutcome> Outcomes) : IQueueCommand;

/// <summary>A notice about the entry is in the spool under its own id, or there is nobody to tell: from the partition's actor.</summary>
public sealed record RecordNotice(QueueId QueueId, NoticePlan Plan, QueueEntry? Notice) : IQueueCommand;

/// <summary>Try nothing more until it is released: from an operator.</summary>
public sealed record HoldMessage(QueueId QueueId) : IQueueCommand;

/// <summary>Go on with a held entry, at once: from an operator.</summary>
public sealed record ReleaseMessage(QueueId QueueId) : IQueueCommand;

/// <summary>Try all that is pending now: from an operator.</summary>
public sealed record RetryMessage(QueueId QueueId) : IQueueCommand;

/// <summary>Give the entry up, with or without a word to the sender: from an operator.</summary>
public sealed record RemoveMessage(QueueId QueueId, bool WithDsn) : IQueueCommand;

/// <summary>What a delivery attempt did for one recipient.</summary>
/// <param name="Recipient">Index in the entry.</param>
/// <param name="Reply">The next hop's last word, or ours where it had none.</param>
/// <param name="Remote">Who said so; null where it was this server.</param>
public sealed record RecipientOutcome(int Recipient, OutcomeKind Kind, Reply Reply, string? Remote);

/// <summary>How an attempt ended; numbers are stored, never reused.</summary>
public enum OutcomeKind
{
    Delivered = 0,

    /// <summary>Handed to a next hop that sends no notices of success (RFC 3461 §6.2).</summary>
    Relayed = 1,
    Deferred = 2,
    Failed = 3,
}
