using System.Buffers;

namespace MailCluster.Pop3.Framing;

/// <summary>
/// Cuts command lines out of what comes in. Only CRLF ends a line (RFC 1939 §3). A line that is too long is dropped
/// while it comes, so memory stays bounded whatever is sent.
/// </summary>
internal sealed class LineFramer
{
    private bool _dropping;

    /// <summary>
    /// The next line without its CRLF, sliced off the input; null text where it is too long or has octets that no
    /// command has. False where no line is complete.
    /// </summary>
    public bool TryRead(ref ReadOnlySequence<byte> input, int maxLength, out string? text)
    {
        text = null;
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            if (input.Length > maxLength)
            {
                // The last octet may be the CR of the line end that is still to come.
                _dropping = true;
                input = input.Slice(input.Length - 1);
            }

            return false;
        }

        input = input.Slice(reader.Position);
        if (!_dropping && line.Length <= maxLength - 2)
        {
            text = Decode(line);
        }

        _dropping = false;
        return true;
    }

    private static string? Decode(in ReadOnlySequence<byte> line)
    {
        var octets = line.ToArray();
        return octets.AsSpan().ContainsAny("\r\n\0"u8) || !System.Text.Unicode.Utf8.IsValid(octets)
            ? null
            : System.Text.Encoding.UTF8.GetString(octets);
    }
}
