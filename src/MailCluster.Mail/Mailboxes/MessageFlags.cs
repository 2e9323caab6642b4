namespace MailCluster.Mail.Mailboxes;

/// <summary>System flags (RFC 9051 §2.3.2) and the registered keywords that have a bit of their own; values are stored.</summary>
[Flags]
public enum MessageFlags
{
    None = 0,
    Seen = 1,
    Answered = 2,
    Flagged = 4,
    Deleted = 8,
    Draft = 16,
    Forwarded = 32,
    MdnSent = 64,
    Junk = 128,
    NotJunk = 256,
    Phishing = 512,
}
