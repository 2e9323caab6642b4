using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Responses;

/// <summary>
/// Responses as octets (RFC 9051 §7). Nothing that a name, a flag or a text holds can end a line: strings are quoted, or
/// sent as literals. Used by one session.
/// </summary>
internal sealed partial class ResponseWriter
{
    /// <summary>Longer strings go as literals, which nobody has to unquote.</summary>
    private const int LongestQuoted = 1_000;

    /// <summary>Digits and sign of a 64-bit number.</summary>
    private const int LongestNumber = 20;

    /// <summary>More octets are left to the output to divide.</summary>
    private const int LargestPiece = 1024;

    private IBufferWriter<byte> _output = null!;

    /// <summary>A piece of the output, and how much of it is written: to tell the output of each word costs it a lock.</summary>
    private Memory<byte> _chunk;
    private int _written;

    /// <summary>The client reads UTF-8 in quoted strings (RFC 6855, IMAP4rev2), and names in it.</summary>
    public bool Utf8 { get; set; }

    /// <summary>Octets written since the host last sent them.</summary>
    public long Pending { get; private set; }

    /// <summary>Where to write from now on, and nobody else, until <see cref="End"/>.</summary>
    /// <param name="pending">Octets that are written there and not sent yet.</param>
    public void Begin(IBufferWriter<byte> output, long pending = 0)
    {
        _output = output;
        Pending = pending;
    }

    /// <summary>All that was written is in the output.</summary>
    public void End()
    {
        if (_written > 0)
        {
            _output.Advance(_written);
        }

        _chunk = default;
        _written = 0;
    }

    public ResponseWriter Raw(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > LargestPiece)
        {
            End();
            _output.Write(octets);
            Pending += octets.Length;
            return this;
        }

        octets.CopyTo(Room(octets.Length));
        return Wrote(octets.Length);
    }

    /// <summary>ASCII of our own making.</summary>
    public ResponseWriter Text(string text) => Wrote(Encoding.ASCII.GetBytes(text, Room(text.Length)));

    public ResponseWriter Line() => Raw("\r\n"u8);

    public ResponseWriter Line(string text) => Text(text).Line();

    public ResponseWriter Number(long value)
    {
        Utf8Formatter.TryFormat(value, Room(LongestNumber), out var length);
        return Wrote(length);
    }

    /// <summary>Quoted, or as a literal; NIL for null.</summary>
    public ResponseWriter NString(string? value) => value is null ? Raw("NIL"u8) : String(value);

    public ResponseWriter String(string value)
    {
        var isAscii = Ascii.IsValid(value);
        if (value.Length > LongestQuoted || (!isAscii && !Utf8) || value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
        {
            var octets = Encoding.UTF8.GetBytes(value.Replace('\0', '\uFFFD'));
            return LiteralHeader(octets.Length).Raw(octets);
        }

        var escaped = value.AsSpan().IndexOfAny('"', '\\') < 0
            ? value
            : value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return Raw("\""u8).Utf8Text(escaped).Raw("\""u8);
    }

    /// <summary>The octets must follow.</summary>
    public ResponseWriter LiteralHeader(long length) => Raw("{"u8).Number(length).Raw("}\r\n"u8);

    public ResponseWriter Literal(ReadOnlySpan<byte> octets) => LiteralHeader(octets.Length).Raw(octets);

    /// <summary>
    /// No literal but literal8 may hold NUL, and only BINARY is answered with one (RFC 9051 §4.3.1). Elsewhere another octet
    /// stands for it, which no text begins with: so lengths and places stay what they are.
    /// </summary>
    public const byte InsteadOfNul = 0x80;

    /// <summary>The octets of a plain literal.</summary>
    public ResponseWriter WithoutNul(ReadOnlySpan<byte> octets)
    {
        while (octets.IndexOf((byte)0) is >= 0 and var at)
        {
            Raw(octets[..at]).Raw([InsteadOfNul]);
            octets = octets[(at + 1)..];
        }

        return Raw(octets);
    }

    /// <summary>RFC 3516 §4.4: the octets that must follow may be NUL.</summary>
    public ResponseWriter Literal8Header(long length) => Raw("~"u8).LiteralHeader(length);

    /// <summary>In modified UTF-7 where the client does not read UTF-8 (RFC 3501 §5.1.3).</summary>
    public ResponseWriter Mailbox(FolderName name) => String(Utf8 ? name.Text : ModifiedUtf7.Encode(name.Text));

    /// <summary>RFC 9051 §9, date-time.</summary>
    public ResponseWriter DateTime(DateTimeOffset time) => Raw("\""u8)
        .Text(time.ToString("dd-MMM-yyyy HH:mm:ss ", CultureInfo.InvariantCulture))
        .Text(time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal))
        .Raw("\""u8);

    /// <summary>With its parentheses.</summary>
    public ResponseWriter Flags(MessageFlags flags, ImmutableArray<string> keywords)
    {
        Raw("("u8);
        var first = true;
        foreach (var (name, flag) in FlagNames.All)
        {
            if (flags.HasFlag(flag))
            {
                Text(first ? "" : " ").Text(name);
                first = false;
            }
        }

        foreach (var keyword in keywords)
        {
            Text(first ? "" : " ").Text(keyword);
            first = false;
        }

        return Raw(")"u8);
    }

    public ResponseWriter Uids(UidSet set) => Ranges(set.Ranges.Select(r => (r.First.Value, r.Last.Value)));

    public ResponseWriter Ranges(IEnumerable<(uint First, uint Last)> ranges)
    {
        var first = true;
        foreach (var range in ranges)
        {
            Raw(first ? ""u8 : ","u8).Number(range.First);
            first = false;
            if (range.Last != range.First)
            {
                Raw(":"u8).Number(range.Last);
            }
        }

        return this;
    }

    /// <summary>Text for people at the end of a response; what could end the line is left out.</summary>
    public ResponseWriter HumanText(string text) =>
        text.All(c => c is >= ' ' and <= '~') ? Text(text) : Text(new string([.. text.Select(c => c is >= ' ' and <= '~' ? c : '?')]));

    private ResponseWriter Utf8Text(string text) =>
        Wrote(Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private Span<byte> Room(int length)
    {
        if (_chunk.Length - _written < length)
        {
            End();
            _chunk = _output.GetMemory(length); // all that the output has at hand, as a rule much more
        }

        return _chunk.Span[_written..];
    }

    private ResponseWriter Wrote(int length)
    {
        _written += length;
        Pending += length;
        return this;
    }
}
