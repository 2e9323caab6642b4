using System.Net;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Headers;

/// <summary>What a Received field says of one hop (RFC 5321 §4.4).</summary>
public sealed record ReceivedField
{
    /// <summary>As the client gave it; whatever could break the header is taken out when it is written.</summary>
    public required string HeloName { get; init; }

    public required IPAddress PeerAddress { get; init; }

    public required string ByDomain { get; init; }

    /// <summary>A WITH protocol type of RFC 3848 or RFC 6531 §4.3, such as ESMTPS or UTF8SMTPSA.</summary>
    public required string Protocol { get; init; }

    public required QueueId QueueId { get; init; }

    /// <summary>
    /// Only where there is exactly one recipient: others must not learn of each other (RFC 5321 §7.2).
    /// </summary>
    public ForwardPath? For { get; init; }

    /// <summary>Such as <c>TLS1.3 TLS_AES_256_GCM_SHA384</c>, told in a comment.</summary>
    public string? TlsDescription { get; init; }

    public required DateTimeOffset At { get; init; }
}
