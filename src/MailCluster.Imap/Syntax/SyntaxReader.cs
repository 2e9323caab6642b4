using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using MailCluster.Imap.Framing;

namespace MailCluster.Imap.Syntax;

/// <summary>
/// Reads one command by the grammar of RFC 9051 §9; the methods are named as there. The first error sticks: from then on
/// nothing is there any more, so that a parser need not look after each step. Never throws on any input.
/// </summary>
/// <param name="text">The command with its literals, from behind the tag on, without the last CRLF.</param>
/// <param name="now">What OLDER and YOUNGER are counted from (RFC 5032 §3).</param>
/// <param name="utf8">Names and quoted strings are UTF-8 (RFC 6855 §3, RFC 9051 §5.1), else names are modified UTF-7.</param>
internal ref partial struct SyntaxReader(ReadOnlySpan<byte> text, bool utf8, DateTimeOffset now)
{
    /// <summary>RFC 9051 §9, ATOM-CHAR, without what a list may hold.</summary>
    private static readonly SearchValues<byte> AtomChars =
        SearchValues.Create("!#$&'+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    private static readonly SearchValues<byte> AStringChars =
        SearchValues.Create("!#$&'+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    private static readonly SearchValues<byte> ListChars =
        SearchValues.Create("!#$%&'*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    /// <summary>With more zeros before the number than anybody writes.</summary>
    private const int LongestAnnouncement = 100;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private int _searchKeys;

    /// <summary>What was expected and where; null as long as all went well.</summary>
    public string? Error { get; private set; }

    /// <summary>Nothing is left.</summary>
    public readonly bool IsAtEnd => _at == _text.Length;

    public readonly bool IsUtf8 => utf8;

    public readonly DateTimeOffset Now => now;

    /// <summary>What is not read yet.</summary>
    public readonly ReadOnlySpan<byte> Left => Rest;

    private readonly ReadOnlySpan<byte> Rest => _text[_at..];

    public void Fail(string expected)
    {
        Error ??= $"expected {expected} at octet {_at}";
        _at = _text.Length;
    }

    /// <summary>Nothing may be left.</summary>
    public void End()
    {
        if (!IsAtEnd)
        {
            Fail("the end of the command");
        }
    }

    public void Space()
    {
        if (!Try((byte)' '))
        {
            Fail("a space");
        }
    }

    public void Expect(char octet)
    {
        if (!Try((byte)octet))
        {
            Fail($"\"{octet}\"");
        }
    }

    public bool Try(char octet) => Try((byte)octet);

    public readonly bool IsNext(char octet) => !IsAtEnd && _text[_at] == octet;

    /// <summary>A word of the grammar, in any case, and nothing that goes on behind it.</summary>
    public bool TryWord(string word)
    {
        if (Rest.Length < word.Length || !Ascii.EqualsIgnoreCase(Rest[..word.Length], word)
            || (Rest.Length > word.Length && char.IsAsciiLetterOrDigit((char)Rest[word.Length])))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    public string Atom() => Take(AtomChars, "an atom");

    /// <summary>The name of a command, an extension, an item: in upper case.</summary>
    public string Keyword() => Take(AtomChars, "a keyword").ToUpperInvariant();

    public string AString() => IsNext('"') || IsLiteralNext ? String() : Take(AStringChars, "a string");

    /// <summary>RFC 9051 §9, base64, or the "=" of RFC 4959 §3; not decoded.</summary>
    public string Base64() => Take(AStringChars, "Base64");

    /// <summary>Null for NIL.</summary>
    public string? NString() => TryWord("NIL") ? null : String();

    public string String()
    {
        var octets = StringOctets();
        if (Utf8.IsValid(octets) && !octets.Contains((byte)0))
        {
            return Encoding.UTF8.GetString(octets);
        }

        Fail("a string in UTF-8 before here");
        return "";
    }

    /// <summary>The octets of a quoted string or a literal.</summary>
    public ReadOnlySpan<byte> StringOctets()
    {
        if (IsLiteralNext)
        {
            return LiteralOctets();
        }

        if (!Try('"'))
        {
            Fail("a string");
            return default;
        }

        return QuotedOctets();
    }

    /// <summary>The header of a literal whose octets are not here, at the end of the text.</summary>
    public void Announcement()
    {
        Try('~');
        if (Rest.Length > LongestAnnouncement || !IsNext('{') || !LiteralHeader.TryParse([.. Rest, .. "\r\n"u8], out _))
        {
            Fail("a literal");
            return;
        }

        _at = _text.Length;
    }

    public uint Number()
    {
        var value = Number64();
        if (value > uint.MaxValue)
        {
            Fail("a smaller number before here");
        }

        return Error is null ? (uint)value : 0;
    }

    /// <summary>RFC 9051 §9, number64: 63 bits.</summary>
    public long Number64()
    {
        var length = Rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = length < 0 ? Rest : Rest[..length];
        if (digits.IsEmpty || !Utf8Parser.TryParse(digits, out long value, out var used) || used != digits.Length)
        {
            Fail("a number");
            return 0;
        }

        _at += digits.Length;
        return value;
    }

    public uint NzNumber()
    {
        var at = _at;
        var value = Number();
        if (value == 0)
        {
            _at = Error is null ? at : _at;
            Fail("a number from 1 on");
        }

        return value;
    }

    /// <summary>One or more in parentheses, a space between them.</summary>
    public ImmutableArray<T> List<T>(ItemReader<T> item, int max)
    {
        Expect('(');
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            if (items.Count == max)
            {
                Fail($"at most {max} of them");
            }

            items.Add(item(ref this));
        }
        while (Try(' '));
        Expect(')');
        return Error is null ? items.DrainToImmutable() : [];
    }

    public delegate T ItemReader<T>(ref SyntaxReader reader);

    private bool IsLiteralNext => IsNext('{') || (IsNext('~') && Rest.Length > 1 && Rest[1] == '{');

    private bool Try(byte octet)
    {
        if (IsAtEnd || _text[_at] != octet)
        {
            return false;
        }

        _at++;
        return true;
    }

    private string Take(SearchValues<byte> allowed, string expected)
    {
        var length = Rest.IndexOfAnyExcept(allowed);
        length = length < 0 ? Rest.Length : length;
        if (length == 0)
        {
            Fail(expected);
            return "";
        }

        var taken = Encoding.ASCII.GetString(Rest[..length]);
        _at += length;
        return taken;
    }

    /// <summary>The framer has seen to it that the octets are there.</summary>
    private ReadOnlySpan<byte> LiteralOctets()
    {
        var end = Rest.IndexOf("\r\n"u8);
        if (end < 0 || Rest[..end].LastIndexOf((byte)'{') != (IsNext('~') ? 1 : 0)
            || !LiteralHeader.TryParse(Rest[..(end + 2)], out var header) || header.Length > Rest.Length - end - 2)
        {
            Fail("a literal");
            return default;
        }

        var octets = Rest.Slice(end + 2, (int)header.Length);
        _at += end + 2 + octets.Length;
        return octets;
    }

    /// <summary>
    /// RFC 9051 §9, quoted: without CR and LF. Beyond ASCII it needs an agreement on UTF-8, but clients send it in SEARCH
    /// without any, and a string can mean nothing else.
    /// </summary>
    private ReadOnlySpan<byte> QuotedOctets()
    {
        var plain = Rest.IndexOfAny("\"\\\r\n\0"u8);
        if (plain >= 0 && Rest[plain] == '"')
        {
            var octets = Rest[..plain];
            _at += plain + 1;
            return octets;
        }

        var unescaped = new ArrayBufferWriter<byte>();
        while (plain >= 0 && Rest[plain] == '\\' && Rest.Length > plain + 1 && Rest[plain + 1] is (byte)'"' or (byte)'\\')
        {
            unescaped.Write(Rest[..plain]);
            unescaped.Write(Rest.Slice(plain + 1, 1));
            _at += plain + 2;
            plain = Rest.IndexOfAny("\"\\\r\n\0"u8);
        }

        if (plain < 0 || Rest[plain] != '"')
        {
            Fail("the end of a quoted string");
            return default;
        }

        unescaped.Write(Rest[..plain]);
        _at += plain + 1;
        return unescaped.WrittenSpan;
    }
}
