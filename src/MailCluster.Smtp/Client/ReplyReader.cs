using System.Buffers;
using System.Text;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>
/// Reads replies (RFC 5321 §4.2), liberal in what servers in the field send: a bare LF ends a line, text may be missing
/// or too long. Bounded: a server that never ends its reply is no server.
/// </summary>
internal sealed class ReplyReader
{
    /// <summary>RFC 5321 §4.5.3.1.5 has 512; longer ones are cut.</summary>
    private const int MaxKeptLine = 1024;

    /// <summary>Text of one reply that is kept: it goes into the journal and into notices.</summary>
    private const int MaxKeptText = 8 * 1024;

    private const int MaxLineOnWire = 16 * 1024;
    private const int MaxLines = 256;
    private const int CodeLength = 3;

    private readonly List<string> _texts = [];
    private int _lines;
    private int _textLength;
    private ReplyCode _code;
    private EnhancedStatusCode? _status;

    /// <summary>What came was no reply; the connection cannot be used any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next complete reply, or false; then see <see cref="IsBroken"/>.</summary>
    public bool TryRead(ref ReadOnlySequence<byte> input, out Reply reply)
    {
        reply = null!;
        Span<char> buffer = stackalloc char[MaxKeptLine];
        while (!IsBroken && TryReadLine(ref input, buffer, out var length))
        {
            if (!TryTakeLine(buffer[..length], out var isLast))
            {
                IsBroken = true;
            }
            else if (isLast)
            {
                reply = new Reply(_code, _status, [.. _texts]);
                Reset();
                return true;
            }
        }

        return false;
    }

    private void Reset()
    {
        _texts.Clear();
        _lines = 0;
        _textLength = 0;
        _status = null;
    }

    private bool TryReadLine(ref ReadOnlySequence<byte> input, Span<char> line, out int length)
    {
        length = 0;
        var end = input.PositionOf((byte)'\n');
        if (end is null)
        {
            IsBroken = input.Length > MaxLineOnWire;
            return false;
        }

        var octets = input.Slice(0, end.Value);
        foreach (var segment in octets.Slice(0, Math.Min(octets.Length, line.Length)))
        {
            length += Encoding.Latin1.GetChars(segment.Span, line[length..]);
        }

        length = Clean(line[..length]).Length;
        input = input.Slice(input.GetPosition(1, end.Value));
        return true;
    }

    /// <summary>Reply-line = Reply-code [ "-" / SP ] [ textstring ]</summary>
    private bool TryTakeLine(ReadOnlySpan<char> line, out bool isLast)
    {
        isLast = line.Length == CodeLength || (line.Length > CodeLength && line[CodeLength] == ' ');
        if (!TryReadCode(line, out var code)
            || (!isLast && line[CodeLength] != '-')
            || (_lines > 0 && code != _code)
            || ++_lines > MaxLines)
        {
            return false;
        }

        _code = code;
        var text = line.Length > CodeLength ? line[(CodeLength + 1)..] : [];
        // RFC 2034 §4: the same on every line, so it is no part of the text.
        if (EnhancedStatusCode.TryRead(text, out var status, out var rest) && status.Class == code.Value / 100)
        {
            _status = status;
            text = rest;
        }

        _textLength += text.Length;
        if (_texts.Count == 0 || _textLength <= MaxKeptText)
        {
            _texts.Add(text.ToString());
        }

        return true;
    }

    /// <summary>Reply-code = %x32-35 %x30-35 %x30-39, of which servers take the second digit lightly.</summary>
    private static bool TryReadCode(ReadOnlySpan<char> line, out ReplyCode code)
    {
        code = default;
        if (line.Length < CodeLength
            || line[0] is < '2' or > '5'
            || !char.IsAsciiDigit(line[1])
            || !char.IsAsciiDigit(line[2]))
        {
            return false;
        }

        code = new ReplyCode(((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0');
        return true;
    }

    /// <summary>What a stranger says goes into logs and notices: no control characters, no space at the end.</summary>
    private static ReadOnlySpan<char> Clean(Span<char> text)
    {
        var last = text.TrimEnd("\r ");
        foreach (ref var c in last)
        {
            c = c is >= ' ' and <= '~' ? c : c is '\t' ? ' ' : '?';
        }

        return last;
    }
}
