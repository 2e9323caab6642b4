using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue;

/// <summary>One final recipient of an entry. Immutable.</summary>
public sealed record QueuedRecipient
{
    public required ForwardPath Path { get; init; }

    public required DeliveryTarget Target { get; init; }

    public DsnNotify Notify { get; init; }

    /// <summary>ORCPT= of RFC 3461 §4.2, still xtext-encoded; or null.</summary>
    public string? OriginalRecipient { get; init; }

    public RecipientStatus Status { get; init; }

    /// <summary>Attempts that ended without delivery or failure.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is due; only while pending.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>When an attempt last ended; null before the first.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    public Reply? LastReply { get; init; }

    /// <summary>Who gave the last reply; null where it was this server.</summary>
    public string? LastRemote { get; init; }

    public NoticeOwed Owed { get; init; }

    public bool IsPending => Status == RecipientStatus.Pending;
}
