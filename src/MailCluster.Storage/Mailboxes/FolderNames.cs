namespace MailCluster.Storage.Mailboxes;

/// <summary>The folders that every account has from the start, with their special use (RFC 6154 §2).</summary>
internal static class FolderNames
{
    public const string Inbox = "INBOX";

    /// <summary>Begins the names of deleted folders whose messages still go: no name can hold it, and it sorts first.</summary>
    public const string Deleted = "\u0001";

    /// <summary>Sorts behind all names of deleted folders and before all others.</summary>
    public const string BehindDeleted = " ";

    /// <summary>Sorts behind every name.</summary>
    public const string BehindAll = "\U0010FFFF";

    public static readonly (string Name, string? SpecialUse)[] Initial =
    [
        (Inbox, null),
        ("Archive", @"\Archive"),
        ("Drafts", @"\Drafts"),
        ("Junk", @"\Junk"),
        ("Sent", @"\Sent"),
        ("Trash", @"\Trash"),
    ];
}
