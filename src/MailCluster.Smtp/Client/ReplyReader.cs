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

    private const int MaxLineOnWire = 64 * 1024;
    private const int MaxLines = 256;

    private readonly List<string> _lines = [];
    private ReplyCode _code;
    private EnhancedStatusCode? _status;

    /// <summary>What came was no reply; the connection cannot be used any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next complete reply, or false; then see <see cref="IsBroken"/>.</summary>
    public bool TryRead(ref ReadOnlySequence<byte> input, out Reply reply)
    {
        reply = null!;
        while (!IsBroken && TryReadLine(ref input, out var line))
        {
            if (!TakeLine(line, out var isLast))
            {
                IsBroken = true;
                return false;
            }

            if (isLast)
            {
                reply = new Reply(_code, _status, [.. _lines]);
                _lines.Clear();
                return true;
            }
        }

        return false;
    }

    private bool TryReadLine(ref ReadOnlySequence<byte> input, out string line)
    {
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> octets, (byte)'\n'))
        {
            IsBroken = input.Length > MaxLineOnWire;
            line = "";
            return false;
        }

        input = input.Slice(reader.Position);
        line = Clean(octets.Slice(0, Math.Min(octets.Length, MaxKeptLine)));
        return true;
    }

    /// <summary>Reply-line = Reply-code [ "-" / SP ] [ textstring ]</summary>
    private bool TakeLine(string line, out bool isLast)
    {
        isLast = line.Length == 3 || (line.Length > 3 && line[3] == ' ');
        var valid = line.Length >= 3 && line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2])
            && (isLast || line[3] == '-') && _lines.Count < MaxLines;
        if (!valid)
        {
            return false;
        }

        var code = new ReplyCode(((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0');
        if (_lines.Count > 0 && code != _code)
        {
            return false;
        }

        _code = code;
        var text = line.Length > 4 ? line.AsSpan(4) : [];
        // RFC 2034 §4: the same on every line, so it is no part of the text.
        if (EnhancedStatusCode.TryRead(text, out var status, out var rest) && status.Class == code.Value / 100)
        {
            _status = status;
            text = rest;
        }
        else if (_lines.Count == 0)
        {
            _status = null;
        }

        _lines.Add(text.ToString());
        return true;
    }

    /// <summary>What a stranger says goes into logs and notices: no control characters.</summary>
    private static string Clean(in ReadOnlySequence<byte> octets) =>
        string.Create((int)octets.Length, octets, static (text, octets) =>
        {
            var at = 0;
            foreach (var segment in octets)
            {
                at += Encoding.Latin1.GetChars(segment.Span, text[at..]);
            }

            foreach (ref var c in text)
            {
                c = c is >= ' ' and <= '~' ? c : c is '\r' ? ' ' : '?';
            }
        }).TrimEnd(' ');
}
