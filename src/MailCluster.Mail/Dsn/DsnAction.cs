namespace MailCluster.Mail.Dsn;

/// <summary>What became of a recipient (RFC 3464 §2.3.3); numbers are stored, never reused.</summary>
public enum DsnAction
{
    /// <summary>Given up.</summary>
    Failed = 0,

    /// <summary>Not yet, still trying.</summary>
    Delayed = 1,

    /// <summary>In the recipient's mailbox.</summary>
    Delivered = 2,

    /// <summary>Given to a server that will not report.</summary>
    Relayed = 3,

    /// <summary>Given to several recipients behind one address.</summary>
    Expanded = 4,
}
