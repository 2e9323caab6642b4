using System.Net;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;

namespace MailCluster.Pop3;

/// <summary>Limits and abilities of a session. Immutable, shared by all sessions of a listener.</summary>
public sealed record Pop3Options
{
    public required DomainName Hostname { get; init; }

    /// <summary>STLS is offered (RFC 2595 §4).</summary>
    public bool TlsAvailable { get; init; }

    /// <summary>Passwords are taken without TLS: only where nobody can listen.</summary>
    public bool PlaintextAllowed { get; init; }

    /// <summary>RFC 2449 §4: 255 octets, its CRLF included; names and passwords of today need more.</summary>
    public int MaxCommandLine { get; init; } = 1024;

    /// <summary>As RFC 4954 §4.1 has it for SMTP.</summary>
    public int MaxAuthenticationLine { get; init; } = 12_288;

    /// <summary>Errors before the session is closed.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Wrong passwords before the session is closed.</summary>
    public int MaxLoginFailures { get; init; } = 3;
}

/// <summary>Who is at the other end.</summary>
/// <param name="IsSecure">TLS began with the first octet (RFC 8314).</param>
public sealed record Pop3Peer(IPAddress Address, int Port, bool IsSecure, SessionId SessionId);

/// <summary>RFC 1939 §3; Update is the moment between QUIT and its reply.</summary>
public enum Pop3State
{
    Authorization,
    Transaction,
    Update,
}

/// <summary>Why a host ends a session that did not end itself.</summary>
public enum Pop3ShutdownReason
{
    /// <summary>RFC 1939 §3: nothing is removed.</summary>
    IdleTimeout,
    ServiceStopping,

    /// <summary>RFC 1939 §3: the session no longer has the maildrop for itself, so nothing is removed.</summary>
    MaildropLost,
}
