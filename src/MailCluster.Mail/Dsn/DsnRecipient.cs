using MailCluster.Mail.Addresses;
using MailCluster.Mail.Replies;

namespace MailCluster.Mail.Dsn;

/// <summary>What a DSN tells of one recipient (RFC 3464 §2.3).</summary>
public sealed record DsnRecipient
{
    public required ForwardPath Final { get; init; }

    /// <summary>ORCPT= as the sender gave it, still xtext-encoded, such as <c>rfc822;a@b.c</c>; or null.</summary>
    public string? OriginalRecipient { get; init; }

    public required DsnAction Action { get; init; }

    public required EnhancedStatusCode Status { get; init; }

    /// <summary>What the next hop, or this server itself, replied last.</summary>
    public Reply? RemoteReply { get; init; }

    /// <summary>Who replied; null where it was this server.</summary>
    public string? RemoteMta { get; init; }

    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>Only for <see cref="DsnAction.Delayed"/>.</summary>
    public DateTimeOffset? WillRetryUntil { get; init; }
}
