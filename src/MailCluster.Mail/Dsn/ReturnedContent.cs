using System.Text;
using System.Text.Unicode;
using MailCluster.Mail.Headers;
using MimeKit.Encodings;

namespace MailCluster.Mail.Dsn;

/// <summary>
/// The last part of a DSN (RFC 6522 §3): the message as it came, or its header. The octets are embedded as they are,
/// so that signatures of the returned message still verify.
/// </summary>
internal sealed record ReturnedContent(string ContentType, string TransferEncoding, ReadOnlyMemory<byte> Octets)
{
    /// <summary>More header than this is no help to anybody; cut at a line end.</summary>
    private const int MaxHeaderOctets = 64 * 1024;

    /// <summary>RFC 5321 §4.5.3.1.6: a line has at most 1000 octets with its CRLF.</summary>
    private const int MaxLineLength = 998;

    private const string SevenBit = "7bit";
    private const string EightBit = "8bit";

    public bool IsEightBit => TransferEncoding == EightBit;

    /// <summary>
    /// The whole message, or null where it would not survive as a part: binary, or lines without bounds.
    /// </summary>
    public static ReturnedContent? Message(ReadOnlyMemory<byte> original, bool utf8)
    {
        if (original.IsEmpty || !HasOnlyTextLines(original.Span))
        {
            return null;
        }

        var encoding = Ascii.IsValid(original.Span) ? SevenBit : EightBit;
        var global = utf8 && !Ascii.IsValid(HeaderOf(original).Span); // RFC 6533 §5
        return new ReturnedContent(global ? "message/global" : "message/rfc822", encoding, original);
    }

    /// <summary>The header section alone, or null where nothing of it is known.</summary>
    public static ReturnedContent? Header(ReadOnlyMemory<byte> original, bool utf8)
    {
        var header = HeaderOf(original);
        if (header.Length > MaxHeaderOctets)
        {
            header = header[..(header.Span[..MaxHeaderOctets].LastIndexOf("\r\n"u8) is var end and >= 0 ? end + 2 : 0)];
        }

        if (header.IsEmpty)
        {
            return null;
        }

        var ascii = Ascii.IsValid(header.Span);
        var textLines = HasOnlyTextLines(header.Span);
        if (!ascii && utf8 && textLines && Utf8.IsValid(header.Span))
        {
            return new ReturnedContent("message/global-headers", EightBit, header); // RFC 6533 §6
        }

        // Quoted-printable keeps the DSN 7-bit: not every way back has 8BITMIME.
        var charset = ascii ? "us-ascii" : Utf8.IsValid(header.Span) ? "utf-8" : "unknown-8bit";
        return ascii && textLines
            ? new ReturnedContent("text/rfc822-headers", SevenBit, header)
            : new ReturnedContent(
                $"text/rfc822-headers; charset={charset}", "quoted-printable", QuotedPrintable(header));
    }

    /// <summary>The fields, each with its CRLF, without the empty line.</summary>
    public static ReadOnlyMemory<byte> HeaderOf(ReadOnlyMemory<byte> original)
    {
        var scanner = new HeaderScanner();
        scanner.Scan(original.Span);
        return original[..(int)scanner.HeaderLength];
    }

    private static bool HasOnlyTextLines(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var end = octets.IndexOf("\r\n"u8);
            var line = end < 0 ? octets : octets[..end];
            if (line.Length > MaxLineLength || line.ContainsAny((byte)'\r', (byte)'\n', (byte)0))
            {
                return false;
            }

            octets = end < 0 ? [] : octets[(end + 2)..];
        }

        return true;
    }

    private static ReadOnlyMemory<byte> QuotedPrintable(ReadOnlyMemory<byte> text)
    {
        // MimeKit's encoder takes LF for a line end and writes it bare.
        var lines = text.ToArray().AsSpan();
        var unix = new byte[lines.Length];
        var length = 0;
        foreach (var octet in lines)
        {
            if (octet != '\r')
            {
                unix[length++] = octet;
            }
        }

        var encoder = new QuotedPrintableEncoder();
        var encoded = new byte[encoder.EstimateOutputLength(length)];
        var written = encoder.Flush(unix, 0, length, encoded);
        return WithCrLf(encoded.AsSpan(0, written));
    }

    private static byte[] WithCrLf(ReadOnlySpan<byte> unix)
    {
        var dos = new byte[unix.Length + unix.Count((byte)'\n')];
        var length = 0;
        foreach (var octet in unix)
        {
            if (octet == '\n')
            {
                dos[length++] = (byte)'\r';
            }

            dos[length++] = octet;
        }

        return dos;
    }
}
