using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Dsn;

/// <summary>All that a DSN says (RFC 3464), except for the message that it is about.</summary>
public sealed record DsnReport
{
    public required DomainName ReportingMta { get; init; }

    /// <summary>Whom it goes to: the address of the message's reverse-path, which was not null.</summary>
    public required MailAddress Recipient { get; init; }

    /// <summary>When the message came here.</summary>
    public required DateTimeOffset ArrivalDate { get; init; }

    /// <summary>When the DSN is written.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>ENVID= as the sender gave it, still xtext-encoded; or null.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>The queue entry of the DSN itself: its Message-ID is made of it.</summary>
    public required QueueId QueueId { get; init; }

    public DsnReturn Return { get; init; }

    public required ImmutableArray<DsnRecipient> Recipients { get; init; }

    /// <summary>The message came with SMTPUTF8, so its sender can read a DSN that has it, too (RFC 6533).</summary>
    public bool Utf8 { get; init; }
}
