using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Node.Migration.Maildir;

/// <summary>
/// The folders below a Maildir: those of Maildir++, whose directories begin with a dot, and plain directories within one
/// another, as mbsync and Dovecot's layout "fs" have them. Symbolic links are not followed: they may lead anywhere.
/// </summary>
internal static class MaildirTree
{
    private const string Subscriptions = "subscriptions";

    /// <summary>Octets of a list of subscriptions that is read.</summary>
    private const long LargestFile = 8 * 1024 * 1024;

    private static readonly string[] Own = ["cur", "new", "tmp"];

    public static List<SourceFolder> List(string root)
    {
        var subscribed = ReadSubscriptions(root);
        var folders = new List<SourceFolder>();
        if (IsMaildir(root))
        {
            folders.Add(new SourceFolder(root, FolderName.Inbox));
        }

        AddBelow(root, [], folders);
        return [.. folders
            .Select(folder => folder with
            {
                IsSubscribed = folder.Name is { } name && (subscribed?.Contains(name) ?? true),
                Messages = MaildirSource.Count(folder.Path),
            })
            .OrderBy(folder => folder.Name?.Text, StringComparer.Ordinal)
            .ThenBy(folder => folder.Path, StringComparer.Ordinal)];
    }

    /// <summary>A missing <c>tmp</c> is nobody's loss.</summary>
    public static bool IsMaildir(string directory) =>
        Directory.Exists(Path.Combine(directory, "cur")) || Directory.Exists(Path.Combine(directory, "new"));

    private static void AddBelow(string directory, string[] parts, List<SourceFolder> folders)
    {
        foreach (var below in new DirectoryInfo(directory).EnumerateDirectories())
        {
            if (Own.Contains(below.Name) || below.LinkTarget is not null)
            {
                continue;
            }

            var isDotted = below.Name.StartsWith('.');
            string[] name = isDotted ? [] : [.. parts, below.Name];
            if (IsMaildir(below.FullName))
            {
                folders.Add(new SourceFolder(
                    below.FullName,
                    isDotted ? MaildirNames.FromDots(below.Name[1..]) : MaildirNames.FromParts(name)));
            }

            if (!isDotted && name.Length <= FolderName.MaxDepth)
            {
                AddBelow(below.FullName, name, folders);
            }
        }
    }

    /// <summary>
    /// Dovecot's file: a name on each line with dots between its parts, or, behind a line with a "2", with tabs. Null where
    /// there is none, and so no folder is less wanted than another.
    /// </summary>
    private static HashSet<FolderName>? ReadSubscriptions(string root)
    {
        var file = new FileInfo(Path.Combine(root, Subscriptions));
        if (!file.Exists || file.LinkTarget is not null || file.Length > LargestFile)
        {
            return null;
        }

        var lines = File.ReadAllLines(file.FullName, Encoding.UTF8);
        var hasTabs = lines is ["V\t2", ..];
        return [.. lines.Skip(hasTabs ? 1 : 0).Where(line => line.Length > 0)
            .Select(line => hasTabs ? MaildirNames.FromParts(line.Split('\t')) : MaildirNames.FromDots(line))
            .OfType<FolderName>()];
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteSubscriptions(string root, IEnumerable<string> names) => File.WriteAllText(
        Path.Combine(root, Subscriptions),
        string.Concat(names.Select(name => MaildirNames.ToDots(FolderName.OfStored(name)) + "\n")));
}
