using System.Text;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Node.Migration.Mbox;

/// <summary>
/// A message within an mbox, as it was before it came there: lines unquoted, and without the fields by which programs
/// keep flags in the file, which are read meanwhile.
/// </summary>
internal sealed class MboxContent(string path, long start, long length, MboxQuoting quoting)
{
    /// <summary>Octets of such a field that are looked at.</summary>
    private const int MaxField = 4096;

    private static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "Status", "X-Status", "X-Keywords", "X-UID", "X-IMAP", "X-IMAPbase", "Content-Length",
    };

    private readonly StringBuilder _field = new();
    private string _flags = "";
    private string _keywords = "";
    private bool _inHeader;
    private bool _isDropping;

    /// <summary>The file keeps the folder's own numbers in a message that is none.</summary>
    public bool IsInternalData { get; private set; }

    /// <summary>Behind <see cref="WriteToAsync"/>: as a list in parentheses.</summary>
    public string Flags
    {
        get
        {
            var flags = (_flags.Contains('R', StringComparison.Ordinal) ? MessageFlags.Seen : 0)
                | (_flags.Contains('A', StringComparison.Ordinal) ? MessageFlags.Answered : 0)
                | (_flags.Contains('F', StringComparison.Ordinal) ? MessageFlags.Flagged : 0)
                | (_flags.Contains('D', StringComparison.Ordinal) ? MessageFlags.Deleted : 0)
                | (_flags.Contains('T', StringComparison.Ordinal) ? MessageFlags.Draft : 0);
            var named = _keywords.Split((char[])[' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries)
                .Where(keyword => FlagText.TryParse($"({keyword})", out _, out _))
                .Distinct(StringComparer.OrdinalIgnoreCase);
            return FlagText.TryParse(FlagText.Write(flags, [.. named]), out var all, out var others)
                ? FlagText.Write(all, others)
                : FlagText.Write(flags, []);
        }
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task WriteToAsync(Stream target, CancellationToken cancellation)
    {
        (_flags, _keywords, _inHeader, _isDropping) = ("", "", true, false);
        await using var file = File.OpenRead(path);
        file.Position = start;
        var lines = new LineReader(file, length);
        var output = new byte[LineReader.MaxPiece * 2];
        var filled = 0;
        while (lines.TryRead(out var piece, out var isStart))
        {
            piece = Transform(piece, isStart);
            piece.CopyTo(output.AsSpan(filled));
            filled += piece.Length;
            if (filled > LineReader.MaxPiece)
            {
                await target.WriteAsync(output.AsMemory(0, filled), cancellation);
                filled = 0;
            }
        }

        EndField();
        await target.WriteAsync(output.AsMemory(0, filled), cancellation);
    }

    private ReadOnlySpan<byte> Transform(ReadOnlySpan<byte> piece, bool isStart)
    {
        if (!_inHeader)
        {
            return isStart ? Unquote(piece) : piece;
        }

        if (isStart && piece[0] is not ((byte)' ' or (byte)'\t'))
        {
            EndField();
            _inHeader = !piece.TrimEnd("\r\n"u8).IsEmpty;
            _isDropping = _inHeader && (Dropped.Contains(Name(piece)) || IsQuotedFrom(piece));
            IsInternalData |= _inHeader && piece.StartsWith("Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA"u8);
        }

        if (!_isDropping)
        {
            return piece;
        }

        if (_field.Length < MaxField)
        {
            _field.Append(Encoding.UTF8.GetString(piece));
        }

        return default;
    }

    private ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> line)
    {
        var quotes = line.IndexOfAnyExcept((byte)'>');
        return quotes > 0 && (quotes == 1 || quoting == MboxQuoting.Mboxrd) && line[quotes..].StartsWith("From "u8)
            ? line[1..]
            : line;
    }

    private static bool IsQuotedFrom(ReadOnlySpan<byte> line) => line.StartsWith(">From "u8);

    private static string Name(ReadOnlySpan<byte> line) =>
        line.IndexOf((byte)':') is > 0 and var colon ? Encoding.Latin1.GetString(line[..colon]).TrimEnd() : "";

    private void EndField()
    {
        var field = _field.ToString();
        _field.Clear();
        if (field.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon))
        {
            return;
        }

        var value = field[(colon + 1)..].ReplaceLineEndings(" ");
        switch (field[..colon].TrimEnd().ToUpperInvariant())
        {
            case "STATUS" or "X-STATUS":
                _flags += value;
                break;
            case "X-KEYWORDS":
                _keywords += value;
                break;
        }
    }
}
