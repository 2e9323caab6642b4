using MailCluster.Mail.Addresses;

namespace MailCluster.Smtp.Client;

/// <summary>How a client speaks on one connection. Immutable.</summary>
public sealed record SmtpClientOptions
{
    /// <summary>Our name in EHLO.</summary>
    public required DomainName HeloName { get; init; }

    public TlsPolicy Tls { get; init; } = TlsPolicy.Opportunistic;

    /// <summary>The login at this next hop; null where nobody logs in.</summary>
    public SmtpCredentials? Credentials { get; init; }

    /// <summary>
    /// The password may be sent where others can read it: an operator's word, never what is left after a handshake that
    /// failed.
    /// </summary>
    public bool PlaintextLoginAllowed { get; init; }

    public SmtpClientTimeouts Timeouts { get; init; } = SmtpClientTimeouts.Default;
}

/// <summary>What the connection must be put under.</summary>
public enum TlsPolicy
{
    Never,

    /// <summary>STARTTLS where it is offered.</summary>
    Opportunistic,

    /// <summary>STARTTLS, or no mail.</summary>
    Required,
}

/// <summary>A login.</summary>
public sealed record SmtpCredentials(string UserName, string Password)
{
    public override string ToString() => UserName; // never the password
}

/// <summary>What the client waits for: each has its own time-out.</summary>
public enum ClientPhase
{
    Greeting,
    Command,
    Mail,
    Rcpt,
    DataInitiation,
    DataBlock,
    DataTermination,
}

/// <summary>RFC 5321 §4.5.3.2: how long a client waits at the least.</summary>
public sealed record SmtpClientTimeouts
{
    public static readonly SmtpClientTimeouts Default = new();

    /// <summary>§4.5.3.2.1</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>EHLO, STARTTLS, AUTH, RSET, QUIT: as for MAIL.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>§4.5.3.2.2</summary>
    public TimeSpan Mail { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>§4.5.3.2.3</summary>
    public TimeSpan Rcpt { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>§4.5.3.2.4</summary>
    public TimeSpan DataInitiation { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>§4.5.3.2.5</summary>
    public TimeSpan DataBlock { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>§4.5.3.2.6: shorter ones make duplicates.</summary>
    public TimeSpan DataTermination { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Of(ClientPhase phase) => phase switch
    {
        ClientPhase.Greeting => Greeting,
        ClientPhase.Mail => Mail,
        ClientPhase.Rcpt => Rcpt,
        ClientPhase.DataInitiation => DataInitiation,
        ClientPhase.DataBlock => DataBlock,
        ClientPhase.DataTermination => DataTermination,
        _ => Command,
    };
}
