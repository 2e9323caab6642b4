using System.Buffers;
using System.Globalization;
using System.Text;

namespace MailCluster.Pop3;

/// <summary>
/// Makes of a message what goes over the wire: the +OK line before the first octet, a dot more before each line that
/// begins with one, and the final dot (RFC 1939 §3); for TOP only the header and so many lines. The +OK is written with
/// the first octets, so that a message that cannot be opened can still be answered with -ERR. Works over chunks of any
/// size. Used for one message, by one caller.
/// </summary>
public sealed class MultilineEncoder
{
    private readonly string _okLine;
    private readonly long? _maxBodyLines;
    private bool _begun;
    private bool _atLineStart = true;
    private bool _lineIsEmpty = true;
    private bool _inBody;
    private long _bodyLines;

    internal MultilineEncoder(long size, int? maxBodyLines)
    {
        _okLine = maxBodyLines is null
            ? string.Create(CultureInfo.InvariantCulture, $"+OK {size} octets\r\n")
            : "+OK top of message follows\r\n";
        _maxBodyLines = maxBodyLines;
    }

    /// <summary>TOP has all its lines: no more octets need be read.</summary>
    public bool IsSatisfied { get; private set; }

    public void Encode(ReadOnlySpan<byte> octets, IBufferWriter<byte> wire)
    {
        Begin(wire);
        while (!octets.IsEmpty && !IsSatisfied)
        {
            var end = octets.IndexOf((byte)'\n');
            var line = end < 0 ? octets : octets[..(end + 1)];
            octets = octets[line.Length..];
            EncodePart(line, hasEnd: end >= 0, wire);
        }
    }

    /// <summary>Ends the last line, if need be, and the response.</summary>
    public void Finish(IBufferWriter<byte> wire)
    {
        Begin(wire);
        wire.Write(_atLineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);
    }

    private void EncodePart(ReadOnlySpan<byte> part, bool hasEnd, IBufferWriter<byte> wire)
    {
        if (_atLineStart && part[0] == (byte)'.')
        {
            wire.Write("."u8);
        }

        wire.Write(part);
        _lineIsEmpty = (_atLineStart || _lineIsEmpty) && part.TrimEnd("\r\n"u8).IsEmpty;
        _atLineStart = hasEnd;
        if (hasEnd && _maxBodyLines is { } max)
        {
            CountLine(max);
        }
    }

    /// <summary>RFC 1939 §7, TOP: the header, the empty line, then so many lines of the body.</summary>
    private void CountLine(long max)
    {
        if (_inBody)
        {
            _bodyLines++;
        }
        else if (_lineIsEmpty)
        {
            _inBody = true;
        }

        IsSatisfied = _inBody && _bodyLines >= max;
    }

    private void Begin(IBufferWriter<byte> wire)
    {
        if (!_begun)
        {
            _begun = true;
            wire.Write(Encoding.ASCII.GetBytes(_okLine));
        }
    }
}
