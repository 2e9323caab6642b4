using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue;

/// <summary>Something that happened to an entry and is in the journal. All times are inside, so replay needs no clock.</summary>
public interface IQueueEvent : IWithQueueId;

/// <summary>The queue owns the message from here on.</summary>
public sealed record MessageQueued(QueueEntry Entry) : IQueueEvent
{
    public QueueId QueueId => Entry.Id;
}

/// <summary>Some recipients were tried.</summary>
public sealed record AttemptRecorded(QueueId QueueId, DateTimeOffset At, ImmutableArray<RecordedOutcome> Outcomes) : IQueueEvent;

/// <summary>One recipient's outcome; <paramref name="NextAttemptAt"/> only where it is deferred.</summary>
public sealed record RecordedOutcome(
    int Recipient, OutcomeKind Kind, Reply Reply, string? Remote, DateTimeOffset? NextAttemptAt);

/// <summary>A notice is queued as an entry of its own, or there is nobody to tell (null).</summary>
public sealed record NoticeQueued(QueueId QueueId, NoticePlan Plan, QueueEntry? Notice) : IQueueEvent;

public sealed record MessageHeld(QueueId QueueId, DateTimeOffset At) : IQueueEvent;

public sealed record MessageReleased(QueueId QueueId, DateTimeOffset At) : IQueueEvent;

public sealed record MessageRetried(QueueId QueueId, DateTimeOffset At) : IQueueEvent;

/// <summary>
/// A body without entry is about to be released. Says nothing of any entry; it is there so that a copy of the partition
/// that was asleep, and does not know what has been queued since, fails before it takes a body for one.
/// </summary>
public sealed record OrphanFound(QueueId QueueId, DateTimeOffset At) : IQueueEvent;

/// <summary>An operator gave the pending recipients up.</summary>
public sealed record MessageRemoved(QueueId QueueId, DateTimeOffset At, bool WithDsn) : IQueueEvent;
