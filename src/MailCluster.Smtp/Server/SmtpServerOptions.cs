using MailCluster.Mail.Addresses;

namespace MailCluster.Smtp.Server;

/// <summary>What a listener is for.</summary>
public enum SmtpRole
{
    /// <summary>Mail from other servers (RFC 5321).</summary>
    Relay,

    /// <summary>Mail from users (RFC 6409).</summary>
    Submission,
}

/// <summary>Limits and abilities of a session. Immutable, shared by all sessions of a listener.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The name in greeting, EHLO and trace header.</summary>
    public required DomainName Hostname { get; init; }

    public SmtpRole Role { get; init; }

    /// <summary>SIZE of RFC 1870; RFC 5321 §4.5.3.1.7: at least 64K octets.</summary>
    public long MaxMessageSize { get; init; } = 50_000_000;

    /// <summary>RFC 5321 §4.5.3.1.8: at least 100.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>RFC 5321 §4.5.3.1.4 has 512; the extensions' parameters and long addresses add to it.</summary>
    public int MaxCommandLine { get; init; } = 2048;

    /// <summary>RFC 4954 §4.1: a line of an authentication exchange.</summary>
    public int MaxAuthenticationLine { get; init; } = 12_288;

    /// <summary>Errors before the session is closed.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>MAILMAX of RFC 9422.</summary>
    public int MaxTransactions { get; init; } = 10_000;

    /// <summary>RFC 5321 §6.3: at least 100.</summary>
    public int MaxReceivedFields { get; init; } = 100;

    /// <summary>STARTTLS is offered.</summary>
    public bool TlsAvailable { get; init; }

    /// <summary>PLAIN and LOGIN are offered without TLS: only where nobody can listen.</summary>
    public bool PlaintextAuthAllowed { get; init; }
}
