using System.Buffers;

namespace MailCluster.Smtp.Framing;

/// <summary>What became of a line.</summary>
internal enum LineFault
{
    None,

    /// <summary>Longer than allowed; it was dropped up to its end.</summary>
    TooLong,

    /// <summary>A CR without LF or an LF without CR (RFC 5321 §2.3.8), or a NUL.</summary>
    BareLineEnd,
}

/// <summary>
/// Cuts command lines out of what comes in. Only CRLF ends a line. A line that is too long is dropped while it comes,
/// so memory stays bounded whatever is sent.
/// </summary>
internal sealed class LineFramer
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("\r\n\0"u8);

    private bool _dropping;

    /// <summary>
    /// Reads one line without its CRLF into <paramref name="line"/> and slices it off the input. False where no line is
    /// complete; then nothing is sliced off but what is dropped.
    /// </summary>
    public bool TryRead(ref ReadOnlySequence<byte> input, int maxLength, out ReadOnlySequence<byte> line, out LineFault fault)
    {
        var reader = new SequenceReader<byte>(input);
        fault = LineFault.None;
        if (!reader.TryReadTo(out line, "\r\n"u8))
        {
            DropOverlong(ref input, maxLength);
            return false;
        }

        input = input.Slice(reader.Position);
        if (_dropping || line.Length > maxLength - 2)
        {
            _dropping = false;
            fault = LineFault.TooLong;
        }
        else if (HasForbidden(line))
        {
            fault = LineFault.BareLineEnd;
        }

        return true;
    }

    /// <summary>An octet may be the CR of the line end that is still to come, so the last one always stays.</summary>
    private void DropOverlong(ref ReadOnlySequence<byte> input, int maxLength)
    {
        if (input.Length > maxLength)
        {
            _dropping = true;
            input = input.Slice(input.Length - 1);
        }
    }

    private static bool HasForbidden(in ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.ContainsAny(Forbidden))
            {
                return true;
            }
        }

        return false;
    }
}
