namespace MailCluster.Queue;

/// <summary>What bounds a partition's decisions.</summary>
public sealed record QueueSettings
{
    public RetrySchedule Schedule { get; init; } = RetrySchedule.Default;

    /// <summary>Entries above this are refused with 452: snapshots and memory stay bounded.</summary>
    public int MaxEntries { get; init; } = 100_000;

    /// <summary>
    /// Recipients of one entry, after aliases; more are refused with 452. RFC 5321 §4.5.3.1.8: at least 100. Each RCPT may
    /// be an alias of many, and an entry is one event.
    /// </summary>
    public int MaxRecipients { get; init; } = 10_000;

    /// <summary>Recipients of one attempt; RFC 5321 §4.5.3.1.8: every server takes 100.</summary>
    public int MaxRecipientsPerAttempt { get; init; } = 100;

    /// <summary>Ids of finished messages that are remembered, so that a late repeat of EnqueueMessage makes no second one.</summary>
    public int RememberedIds { get; init; } = 10_000;
}
