namespace MailCluster.Queue;

/// <summary>What a command leads to: an event to persist, or none, and the answer once it is durable.</summary>
public sealed record QueueDecision(IQueueAnswer Answer, IQueueEvent? Event);

/// <summary>What an applied event changed for the world outside.</summary>
/// <param name="Entry">The entry as it is now, or was last; null where there is none.</param>
/// <param name="IsFinished">The entry has left the queue: its body can be released.</param>
public readonly record struct AppliedChange(QueueEntry? Entry, bool IsFinished);
