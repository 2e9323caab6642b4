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

    /// <summary>What stands behind the name in the greeting.</summary>
    public string Greeting { get; init; } = "ESMTP MailCluster";

    public SmtpRole Role { get; init; }

    /// <summary>SIZE of RFC 1870.</summary>
    public long MaxMessageSize { get; init; } = SmtpLimits.MessageSize;

    /// <summary>RCPTMAX of RFC 9422: recipients of one message.</summary>
    public int MaxRecipients { get; init; } = SmtpLimits.Recipients;

    /// <summary>Octets of a command with its CRLF; AUTH may have more.</summary>
    public int MaxCommandLine { get; init; } = SmtpLimits.CommandLine;

    /// <summary>Octets of AUTH, or of a line in its dialogue.</summary>
    public int MaxAuthenticationLine { get; init; } = SmtpLimits.AuthenticationLine;

    /// <summary>Errors since the last accepted message before the session is closed.</summary>
    public int MaxErrors { get; init; } = SmtpLimits.Errors;

    /// <summary>MAILMAX of RFC 9422: messages in one session.</summary>
    public int MaxTransactions { get; init; } = SmtpLimits.Transactions;

    /// <summary>A message with more Received fields goes round in circles (RFC 5321 §6.3).</summary>
    public int MaxReceivedFields { get; init; } = SmtpLimits.ReceivedFields;

    /// <summary>STARTTLS is offered.</summary>
    public bool TlsAvailable { get; init; }

    /// <summary>PLAIN and LOGIN are offered without TLS: only where nobody can listen.</summary>
    public bool PlaintextAuthAllowed { get; init; }
}
