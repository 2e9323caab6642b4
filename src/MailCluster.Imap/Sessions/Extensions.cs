namespace MailCluster.Imap.Sessions;

/// <summary>What the client has switched on (RFC 5161).</summary>
[Flags]
internal enum Extensions
{
    None = 0,
    Imap4Rev2 = 1,
    Condstore = 2,
    Qresync = 4,
    Utf8Accept = 8,
    UidOnly = 64,

    /// <summary>RFC 5464 §4.1: what others do to entries is told.</summary>
    Metadata = 256,
}
