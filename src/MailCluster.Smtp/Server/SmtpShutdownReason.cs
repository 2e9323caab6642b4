namespace MailCluster.Smtp.Server;

/// <summary>Why a host ends a session that did not end itself.</summary>
public enum SmtpShutdownReason
{
    /// <summary>The client took too long (RFC 5321 §4.5.3.2.7).</summary>
    IdleTimeout,

    /// <summary>The service goes away (RFC 5321 §3.8).</summary>
    ServiceStopping,
}
