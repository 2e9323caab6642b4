using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailKit;
using MailFlags = MailCluster.Mail.Mailboxes.MessageFlags;

namespace MailCluster.Node.Migration.Imap;

/// <summary>Folders and flags of another server, in the words of this one.</summary>
internal static class ImapFolders
{
    private const string Inbox = "INBOX";

    /// <summary>What stands for our separator where it is a letter of a name.</summary>
    private const char Replacement = '_';

    private static readonly (FolderAttributes Attribute, string Use)[] Uses =
    [
        (FolderAttributes.Archive, @"\Archive"), (FolderAttributes.Drafts, @"\Drafts"), (FolderAttributes.Junk, @"\Junk"),
        (FolderAttributes.Sent, @"\Sent"), (FolderAttributes.Trash, @"\Trash"),
    ];

    private static readonly (MailKit.MessageFlags Theirs, MailFlags Ours)[] Known =
    [
        (MailKit.MessageFlags.Seen, MailFlags.Seen), (MailKit.MessageFlags.Answered, MailFlags.Answered),
        (MailKit.MessageFlags.Flagged, MailFlags.Flagged), (MailKit.MessageFlags.Deleted, MailFlags.Deleted),
        (MailKit.MessageFlags.Draft, MailFlags.Draft),
    ];

    public static bool Exists(IMailFolder folder) =>
        !folder.Attributes.HasFlag(FolderAttributes.NonExistent) && folder.FullName.Length > 0;

    public static SourceFolder Describe(IMailFolder folder, FolderNamespaceCollection spaces) => new(
        folder.FullName,
        Name(folder.FullName, folder.DirectorySeparator, spaces.FirstOrDefault(space => IsBelow(folder, space))?.Path),
        Uses.FirstOrDefault(use => folder.Attributes.HasFlag(use.Attribute)).Use,
        HasMessages: !folder.Attributes.HasFlag(FolderAttributes.NoSelect));

    /// <summary>
    /// Where all folders stand below the INBOX, because the server's namespace begins there, they stand beside it here.
    /// </summary>
    public static FolderName? Name(string fullName, char separator, string? space)
    {
        var root = space?.TrimEnd(separator);
        var inSpace = root is { Length: > 0 } && fullName.Length > root.Length + 1
            ? fullName[(root.Length + 1)..]
            : fullName;
        var isInbox = fullName.Equals(Inbox, StringComparison.OrdinalIgnoreCase);
        string[] parts = separator == '\0' || isInbox ? [inSpace] : inSpace.Split(separator);
        var text = string.Join(
            FolderName.Separator, parts.Select(part => part.Replace(FolderName.Separator, Replacement)));
        return FolderName.TryParse(text, out var name) ? name : null;
    }

    /// <summary>As a list in parentheses; what is no keyword here is left out.</summary>
    public static string Flags(MailKit.MessageFlags flags, IEnumerable<string> keywords)
    {
        var ours = Known.Aggregate(MailFlags.None, (all, known) => flags.HasFlag(known.Theirs) ? all | known.Ours : all);
        var named = keywords.Where(keyword => FlagText.TryParse($"({keyword})", out _, out _));
        return FlagText.TryParse(FlagText.Write(ours, [.. named]), out var found, out var others)
            ? FlagText.Write(found, others)
            : FlagText.Write(ours, []);
    }

    private static bool IsBelow(IMailFolder folder, FolderNamespace space) =>
        space.Path.Length > 0
        && folder.FullName.StartsWith(space.Path.TrimEnd(folder.DirectorySeparator) + folder.DirectorySeparator, StringComparison.OrdinalIgnoreCase);
}
