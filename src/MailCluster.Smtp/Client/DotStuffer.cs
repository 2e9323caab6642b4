using System.Buffers;

namespace MailCluster.Smtp.Client;

/// <summary>
/// Makes of content what goes over the wire behind DATA (RFC 5321 §4.5.2): a dot more before each line that begins with
/// one, and CRLF.CRLF at the end. Works over chunks of any size. Used for one message, by one caller.
/// </summary>
public sealed class DotStuffer
{
    private bool _atLineStart = true;

    public void Encode(ReadOnlySpan<byte> octets, IBufferWriter<byte> wire)
    {
        while (!octets.IsEmpty)
        {
            if (_atLineStart && octets[0] == (byte)'.')
            {
                wire.Write("."u8);
            }

            _atLineStart = false;
            // The only place where a dot must be looked for is behind a line end.
            var dot = octets.IndexOf("\n."u8);
            if (dot < 0)
            {
                _atLineStart = octets[^1] == (byte)'\n';
                wire.Write(octets);
                return;
            }

            wire.Write(octets[..(dot + 1)]);
            octets = octets[(dot + 1)..];
            _atLineStart = true;
        }
    }

    /// <summary>Ends the last line, if need be, and the content.</summary>
    public void Finish(IBufferWriter<byte> wire) => wire.Write(_atLineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);
}
