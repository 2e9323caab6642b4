using System.Net;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;

namespace MailCluster.Imap;

/// <summary>Limits and abilities of a session. Immutable, shared by all sessions of a listener.</summary>
public sealed record ImapOptions
{
    public required DomainName Hostname { get; init; }

    /// <summary>STARTTLS is offered (RFC 9051 §6.2.1).</summary>
    public bool TlsAvailable { get; init; }

    /// <summary>Passwords are taken without TLS: only where nobody can listen. Else LOGINDISABLED is told.</summary>
    public bool PlaintextAllowed { get; init; }

    /// <summary>COMPRESS is offered (RFC 4978).</summary>
    public bool CompressionAvailable { get; init; } = true;

    /// <summary>UNAUTHENTICATE is offered; RFC 8437 §8 asks for a way not to, for proxies that know no way back.</summary>
    public bool UnauthenticateAvailable { get; init; } = true;

    /// <summary>Octets of a line without its literals; RFC 7162 §4 asks for 8192 at least.</summary>
    public int MaxLine { get; init; } = 64 * 1024;

    /// <summary>Octets of a command with the literals that are gathered; messages are not.</summary>
    public int MaxCommand { get; init; } = 256 * 1024;

    /// <summary>Octets of a message that APPEND takes (RFC 7889, APPENDLIMIT).</summary>
    public long MaxMessage { get; init; } = 50L * 1024 * 1024;

    /// <summary>Messages of one APPEND (RFC 3502 sets no bound).</summary>
    public int MaxAppended { get; init; } = 100;

    /// <summary>Octets of the texts by which one SORT orders: about two million subjects.</summary>
    public long MaxSortOctets { get; init; } = 128L * 1024 * 1024;

    /// <summary>Messages of one THREAD, with those that they refer to and that are not there.</summary>
    public int MaxThreadNodes { get; init; } = 2_000_000;

    /// <summary>Results of one session that are kept up to date (RFC 5267 §4.3.1).</summary>
    public int MaxContexts { get; init; } = 10;

    /// <summary>Messages of such a result of SORT, or of SEARCH where none stands beside another.</summary>
    public int MaxContextSize { get; init; } = 100_000;

    /// <summary>Commands with an error, one behind the other, before the session is closed.</summary>
    public int MaxErrors { get; init; } = 50;

    /// <summary>Wrong passwords before the session is closed.</summary>
    public int MaxLoginFailures { get; init; } = 3;
}

/// <summary>Who is at the other end.</summary>
/// <param name="IsSecure">TLS began with the first octet (RFC 8314).</param>
public sealed record ImapPeer(IPAddress Address, int Port, bool IsSecure, SessionId SessionId);

/// <summary>RFC 9051 §3.</summary>
public enum ImapState
{
    NotAuthenticated,
    Authenticated,
    Selected,
    Logout,
}

/// <summary>Why a host ends a session that did not end itself.</summary>
public enum ImapShutdownReason
{
    /// <summary>RFC 9051 §5.4.</summary>
    IdleTimeout,
    ServiceStopping,
}

/// <summary>Who is logged in.</summary>
public sealed record LoginAccount(AccountId Id, string Address);
