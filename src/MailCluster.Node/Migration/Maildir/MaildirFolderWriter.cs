using System.Globalization;
using MailCluster.Imap.Syntax;
using MailCluster.Node.Commands;
using MailCluster.Node.Http;

namespace MailCluster.Node.Migration.Maildir;

/// <summary>
/// Writes one folder of a Maildir: each message into <c>tmp</c>, then, whole, into <c>cur</c> under a name that says its
/// UID, so that an export that is run again knows what is there. Lines end with LF; a message with a CR within a line is
/// written as it is stored, with CRLF.
/// </summary>
/// <exception cref="IOException">Every member: the folder cannot be written.</exception>
internal sealed class MaildirFolderWriter
{
    private const string Host = "mailcluster";

    private readonly string _directory;
    private readonly uint _uidValidity;
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly MaildirKeywords _keywords;

    private MaildirFolderWriter(string directory, uint uidValidity)
    {
        (_directory, _uidValidity) = (directory, uidValidity);
        _keywords = MaildirKeywords.Read(directory);
        foreach (var file in new DirectoryInfo(Path.Combine(directory, "cur")).EnumerateFiles())
        {
            var (unique, _) = MaildirFileName.Split(file.Name);
            _written[Stem(unique)] = file.Name;
        }
    }

    /// <param name="isRoot">The INBOX; all others have Dovecot's and Courier's mark of a folder.</param>
    public static MaildirFolderWriter Open(string directory, uint uidValidity, bool isRoot)
    {
        foreach (var part in (string[])["tmp", "new", "cur"])
        {
            PrivateFiles.CreateDirectory(Path.Combine(directory, part));
        }

        if (!isRoot)
        {
            PrivateFiles.Create(Path.Combine(directory, "maildirfolder")).Dispose();
        }

        return new MaildirFolderWriter(directory, uidValidity);
    }

    /// <summary>A message that a run before has written whole; its flags are brought up to date.</summary>
    public bool HasWritten(MessageJson message)
    {
        if (!_written.TryGetValue(Stem(message), out var name) || !IsWhole(name))
        {
            return false;
        }

        var renewed = MaildirFileName.Split(name).Unique + MaildirFileName.InfoMark + Letters(message, out _);
        if (renewed != name)
        {
            File.Move(InCur(name), InCur(renewed), overwrite: true);
            _written[Stem(message)] = renewed;
        }

        return true;
    }

    /// <summary>Null where the message is gone; else whether all its keywords have a letter.</summary>
    public async Task<bool?> WriteAsync(
        MailboxClient client, string folder, MessageJson message, CancellationToken cancellation)
    {
        var temporary = Path.Combine(_directory, "tmp", Stem(message));
        try
        {
            if (await CopyAsync(client, folder, message, temporary, cancellation) is not { } size)
            {
                return null;
            }

            // Set before the file can be seen: it is the internal date.
            File.SetLastWriteTimeUtc(temporary, message.InternalDate.UtcDateTime);
            var unique = string.Create(CultureInfo.InvariantCulture, $"{Stem(message)},S={size.Stored},W={size.Wire}");
            var letters = Letters(message, out var areAllNamed);
            File.Move(temporary, InCur(unique + MaildirFileName.InfoMark + letters), overwrite: true);
            return areAllNamed;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public void Close() => _keywords.Write(_directory);

    private static async Task<(long Stored, long Wire)?> CopyAsync(
        MailboxClient client, string folder, MessageJson message, string path, CancellationToken cancellation)
    {
        await using var file = PrivateFiles.Create(path);
        await using var lines = new LineFeeds(file);
        if (!await client.ReadAsync(folder, message.Uid, lines, cancellation))
        {
            return null;
        }

        lines.End();
        if (lines.HasBareCr)
        {
            file.SetLength(0);
            if (!await client.ReadAsync(folder, message.Uid, file, cancellation))
            {
                return null;
            }
        }

        return lines.Taken == message.Size
            ? (file.Position, lines.Taken)
            : throw new CommandRefusedException($"{folder}, UID {message.Uid}: the node sent {lines.Taken} of {message.Size} octets");
    }

    private string Letters(MessageJson message, out bool areAllNamed)
    {
        var (flags, keywords) = FlagText.Parse(message.Flags);
        var rest = FlagText.Write(MaildirFileName.Unlettered(flags), keywords);
        string[] named = [.. rest[1..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var letters = named.Select(_keywords.Letter).OfType<char>().Order().ToList();
        areAllNamed = letters.Count == named.Length;
        return MaildirFileName.LettersOf(flags) + string.Concat(letters);
    }

    /// <summary>A file of another length than its name says was cut short by a loss of power.</summary>
    private bool IsWhole(string name)
    {
        const string Size = ",S=";
        var at = name.IndexOf(Size, StringComparison.Ordinal) + Size.Length;
        var digits = name.AsSpan(at, name.AsSpan(at).IndexOf(','));
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && new FileInfo(InCur(name)).Length == size;
    }

    private string Stem(MessageJson message) => string.Create(
        CultureInfo.InvariantCulture,
        $"{message.InternalDate.ToUnixTimeSeconds()}.V{_uidValidity}U{message.Uid}.{Host}");

    private static string Stem(string unique) => unique.Split(',')[0];

    private string InCur(string name) => Path.Combine(_directory, "cur", name);
}
