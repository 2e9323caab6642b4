using System.Collections.Immutable;
using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Envelopes;

/// <summary>Reverse-path, forward-paths and what MAIL and RCPT said of them (RFC 5321 §2.3.1); not the headers.</summary>
public sealed record Envelope
{
    public required ReversePath ReversePath { get; init; }

    public required ImmutableArray<EnvelopeRecipient> Recipients { get; init; }

    public BodyType BodyType { get; init; }

    /// <summary>The transaction asked for SMTPUTF8 (RFC 6531 §3.4): every next hop must have it, too.</summary>
    public bool Utf8 { get; init; }

    public DsnReturn Return { get; init; }

    /// <summary>ENVID= of RFC 3461 §4.4, still xtext-encoded; or null.</summary>
    public string? EnvelopeId { get; init; }
}
