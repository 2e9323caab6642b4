using System.Runtime.CompilerServices;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Commands;

namespace MailCluster.Node.Migration.Maildir;

/// <summary>
/// A Maildir with all its folders. Files in <c>new</c> have no flags yet, those in <c>tmp</c> are not delivered yet and
/// left alone. The size that a name may tell is not believed. Names of one folder are held in memory, to sort them.
/// </summary>
internal sealed class MaildirSource : IMailSource
{
    private readonly string _root;

    /// <exception cref="CommandRefusedException">There is none.</exception>
    public MaildirSource(string root)
    {
        if (!Directory.Exists(root))
        {
            throw new CommandRefusedException($"there is no directory {root}");
        }

        _root = Path.GetFullPath(root);
    }

    public Task<IReadOnlyList<SourceFolder>> ListFoldersAsync(CancellationToken cancellation)
    {
        try
        {
            var folders = MaildirTree.List(_root);
            return folders.Count > 0
                ? Task.FromResult<IReadOnlyList<SourceFolder>>(folders)
                : throw new CommandRefusedException($"{_root} is no Maildir: no directory in it has a \"cur\" or \"new\"");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandRefusedException($"{_root}: {unreadable.Message}");
        }
    }

    public async IAsyncEnumerable<SourceMessage> ReadAsync(
        SourceFolder folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var keywords = MaildirKeywords.Read(folder.Path);
        foreach (var (name, isNew) in Names(folder.Path))
        {
            var file = new FileInfo(Path.Combine(folder.Path, isNew ? "new" : "cur", name));
            yield return await ReadAsync(folder, file, isNew, keywords, cancellation);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<SourceMessage> ReadAsync(
        SourceFolder folder, FileInfo file, bool isNew, MaildirKeywords keywords, CancellationToken cancellation)
    {
        var shown = Path.GetRelativePath(_root, file.FullName);
        try
        {
            var reason = file.LinkTarget is not null ? "is a symbolic link"
                : !file.Exists ? "is no file, or was renamed meanwhile: run the import again"
                : file.Length == 0 ? "is empty" // and a pipe is, which would never end
                : null;
            if (reason is not null)
            {
                return new SourceMessage.Unreadable(shown, reason);
            }

            var (unique, letters) = MaildirFileName.Split(file.Name);
            var digest = await ContentDigest.OfAsync(CopyAsync, cancellation);
            return new SourceMessage.Readable(
                shown,
                ImportKey.Of("maildir", folder.Name!.Value.Text, unique, digest),
                MaildirFileName.Flags(isNew ? "" : letters, keywords),
                new DateTimeOffset(file.LastWriteTimeUtc),
                file.Length,
                CopyAsync);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new SourceMessage.Unreadable(shown, unreadable.Message);
        }

        async Task CopyAsync(Stream target, CancellationToken token)
        {
            await using var stream = file.OpenRead();
            await stream.CopyToAsync(target, token);
        }
    }

    public static long Count(string folder) => Names(folder, isNew: false).LongCount() + Names(folder, isNew: true).LongCount();

    private static List<(string Name, bool IsNew)> Names(string folder) =>
    [
        .. Names(folder, isNew: false).Concat(Names(folder, isNew: true))
            .OrderBy(file => MaildirFileName.SortKey(file.Name)).ThenBy(file => file.Name, StringComparer.Ordinal),
    ];

    /// <summary>Hidden files are nobody's mail.</summary>
    private static IEnumerable<(string Name, bool IsNew)> Names(string folder, bool isNew)
    {
        var directory = new DirectoryInfo(Path.Combine(folder, isNew ? "new" : "cur"));
        return directory.Exists && directory.LinkTarget is null
            ? directory.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')).Select(entry => (entry.Name, isNew))
            : [];
    }
}
