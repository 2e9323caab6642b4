using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;

namespace MailCluster.Smtp.Client;

/// <summary>A message for one next hop; its content comes from the host when the session asks for it.</summary>
public sealed record OutboundMessage
{
    public required ReversePath ReversePath { get; init; }

    /// <summary>At least one.</summary>
    public required ImmutableArray<OutboundRecipient> Recipients { get; init; }

    public BodyType BodyType { get; init; }

    /// <summary>RFC 6531: the next hop must have it, too.</summary>
    public bool Utf8 { get; init; }

    public DsnReturn Return { get; init; }

    /// <summary>Still xtext-encoded, as ENVID= had it; or null.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>Octets of the content.</summary>
    public required long Size { get; init; }
}

/// <summary>One RCPT.</summary>
public sealed record OutboundRecipient(ForwardPath Path, DsnNotify Notify, string? OriginalRecipient);
