using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace MailCluster.Mail.Structure;

/// <summary>
/// Collects the fields of one header that the structure asks for, line by line, a long line in pieces. The first
/// field of a name counts. Works within an allowance that all headers of the message share.
/// </summary>
internal sealed class HeaderFields(bool isMessage, HeaderAllowance allowance)
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ContentNames = Names(
        "content-type", "content-transfer-encoding", "content-id", "content-description", "content-disposition",
        "content-language", "content-location", "content-md5");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> MessageNames = Names(
        "date", "subject", "from", "sender", "reply-to", "to", "cc", "bcc", "in-reply-to", "message-id",
        "references");

    private const int LongestName = 32;

    private readonly Dictionary<string, ArrayBufferWriter<byte>> _fields = [];
    private ArrayBufferWriter<byte>? _current;
    private string _currentName = "";

    /// <summary>How the part is to be read did not fit: it must be opaque, for a guess could be wrong.</summary>
    public bool LostContentType { get; private set; }

    /// <summary>The beginning of a line, or all of it.</summary>
    public void Line(ReadOnlySpan<byte> line)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            Continue(line);
            return;
        }

        _current = null;
        var colon = FieldNameLength(line);
        if (colon < 0 || NameOf(line[..colon].TrimEnd(" \t"u8)) is not { } name || _fields.ContainsKey(name))
        {
            return;
        }

        _currentName = name;
        _fields[name] = _current = new ArrayBufferWriter<byte>(64);
        Continue(line[(colon + 1)..]);
    }

    /// <summary>A further piece of the same line.</summary>
    public void Continue(ReadOnlySpan<byte> piece)
    {
        if (_current is null)
        {
            return;
        }

        var taken = allowance.Take(piece.Length);
        _current.Write(piece[..taken]);
        if (taken < piece.Length)
        {
            LostContentType |= _currentName is "content-type" or "content-transfer-encoding";
            _current = null;
        }
    }

    /// <summary>The unfolded value (RFC 5322 §2.2.3), null if the field is missing.</summary>
    public string? Value(string name) =>
        _fields.TryGetValue(name, out var field) ? Unfold(Encoding.UTF8.GetString(field.WrittenSpan)) : null;

    /// <summary>Where the colon is, -1 if it is no field (RFC 5322 §3.6.8; §4.5 allows blanks before it).</summary>
    public static int FieldNameLength(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon > 0 && !line[..colon].TrimEnd(" \t"u8).ContainsAnyExceptInRange((byte)'!', (byte)'~') ? colon : -1;
    }

    private static string Unfold(string text)
    {
        if (text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0)
        {
            return text.Trim();
        }

        // IMAP can send neither NUL nor a line end in a string.
        return text.Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
            .Replace('\r', ' ').Replace('\0', '\uFFFD').Trim();
    }

    private string? NameOf(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > LongestName)
        {
            return null;
        }

        Span<char> chars = stackalloc char[LongestName];
        var name = chars[..Encoding.ASCII.GetChars(octets, chars)];
        return ContentNames.TryGetValue(name, out var known) || (isMessage && MessageNames.TryGetValue(name, out known))
            ? known
            : null;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names(params string[] names) =>
        names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
