namespace MailCluster.Storage.Mailboxes;

/// <summary>The folders that every account has from the start, with their special use (RFC 6154 §2).</summary>
internal static class FolderNames
{
    public const string Inbox = "INBOX";

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
