using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Commands;

namespace MailCluster.Node.Migration.Mbox;

/// <summary>
/// An mbox file as one folder. A message begins with a <see cref="FromLine"/> at the start of the file or behind an empty
/// line. Read while nobody writes to it; no lock is taken.
/// </summary>
internal sealed class MboxSource : IMailSource
{
    private readonly string _path;
    private readonly FolderName _folder;
    private readonly MboxQuoting _quoting;

    /// <exception cref="CommandRefusedException">There is no such file.</exception>
    public MboxSource(string path, FolderName folder, MboxQuoting quoting)
    {
        if (!File.Exists(path))
        {
            throw new CommandRefusedException($"there is no file {path}");
        }

        (_path, _folder, _quoting) = (Path.GetFullPath(path), folder, quoting);
    }

    public Task<IReadOnlyList<SourceFolder>> ListFoldersAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SourceFolder>>([new SourceFolder(_path, _folder, IsSubscribed: true, Messages: Ranges().LongCount())]);

    public async IAsyncEnumerable<SourceMessage> ReadAsync(
        SourceFolder folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new Dictionary<ImportKey, int>();
        var number = 0;
        foreach (var range in Ranges())
        {
            var message = await ReadAsync(range, ++number, seen, cancellation);
            if (message is not null)
            {
                yield return message;
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Null for what is no message.</summary>
    private async Task<SourceMessage?> ReadAsync(
        MboxRange range, int number, Dictionary<ImportKey, int> seen, CancellationToken cancellation)
    {
        var shown = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(_path)}, message {number}");
        if (range.Trouble is { } trouble)
        {
            return new SourceMessage.Unreadable(shown, trouble);
        }

        var content = new MboxContent(_path, range.Start, range.Length, _quoting);
        try
        {
            var digest = await ContentDigest.OfAsync(content.WriteToAsync, cancellation);
            if (content.IsInternalData)
            {
                return null;
            }

            // The same message may stand there twice, and then it is to be there twice.
            var same = ImportKey.Of("mbox", _folder.Text, range.From, digest);
            var occurrence = seen[same] = seen.GetValueOrDefault(same) + 1;
            return range.Length == 0 ? new SourceMessage.Unreadable(shown, "is empty") : new SourceMessage.Readable(
                shown,
                ImportKey.Of("mbox", same.ToString(), occurrence.ToString(CultureInfo.InvariantCulture)),
                content.Flags,
                range.Date,
                range.Length,
                content.WriteToAsync);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new SourceMessage.Unreadable(shown, unreadable.Message);
        }
    }

    private IEnumerable<MboxRange> Ranges()
    {
        using var file = Open();
        var lines = new LineReader(file);
        MboxRange? open = null;
        long blank = 0; // octets of the empty line before, which is no part of a message
        var isBehindBlank = true;
        while (Next(lines, out var line))
        {
            if (line.From is { } from && isBehindBlank)
            {
                if (open is not null)
                {
                    yield return open with { Length = line.Offset - blank - open.Start };
                }

                open = new MboxRange(from, line.Date, line.Offset + line.Length);
                (blank, isBehindBlank) = (0, false);
                continue;
            }

            if (open is null && !line.IsBlank)
            {
                open = new MboxRange("", default, line.Offset) { Trouble = "no \"From \" line stands before it" };
            }

            blank = line.IsBlank ? line.Length : 0;
            isBehindBlank = line.IsBlank || (isBehindBlank && open is null);
        }

        if (open is not null)
        {
            yield return open with { Length = lines.Offset - blank - open.Start };
        }
    }

    private FileStream Open()
    {
        try
        {
            return File.OpenRead(_path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandRefusedException($"{_path}: {unreadable.Message}");
        }
    }

    private bool Next(LineReader lines, out MboxLine line)
    {
        try
        {
            var isThere = lines.TryRead(out var piece, out var isStart);
            var date = default(DateTimeOffset);
            var from = isThere && isStart && FromLine.TryParse(piece, out date) ? Encoding.Latin1.GetString(piece).TrimEnd() : null;
            line = new MboxLine(
                lines.PieceOffset, piece.Length, isStart && piece.TrimEnd("\r\n"u8).IsEmpty, from, date);
            return isThere;
        }
        catch (IOException unreadable)
        {
            throw new CommandRefusedException($"{_path}: {unreadable.Message}");
        }
    }

    private readonly record struct MboxLine(long Offset, int Length, bool IsBlank, string? From, DateTimeOffset Date);

    /// <summary>Where a message stands in the file.</summary>
    private sealed record MboxRange(string From, DateTimeOffset Date, long Start)
    {
        public long Length { get; init; }

        public string? Trouble { get; init; }
    }
}
