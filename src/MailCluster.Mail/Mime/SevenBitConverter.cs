using MimeKit;
using MimeKit.Cryptography;

namespace MailCluster.Mail.Mime;

/// <summary>
/// Makes 7-bit MIME of an 8-bit message for a next hop without 8BITMIME (RFC 6152 §3): bodies become quoted-printable
/// or base64, every field and every part that needs no change keeps its octets. Safe for any number of threads.
/// </summary>
public static class SevenBitConverter
{
    /// <summary>RFC 5321 §4.5.3.1.6; only longer lines are reason to encode a part that is 7-bit already.</summary>
    private const int MaxLineLength = 998;

    /// <summary>
    /// Reads the message from <paramref name="original"/>, which can seek, and writes it to
    /// <paramref name="converted"/>. False where it cannot be had in 7 bits: fields beyond ASCII (SMTPUTF8), parts
    /// under a signature, parts that may not be encoded, what is no message at all. What was written then is to be
    /// thrown away.
    /// </summary>
    public static bool TryConvert(Stream original, Stream converted)
    {
        try
        {
            var parser = new MimeParser(ParserOptions.Default, original, MimeFormat.Entity, persistent: true);
            using var message = parser.ParseMessage();
            if (message.Body is not { } body || HasUnencodablePart(message))
            {
                return false;
            }

            DeclareCharset(body);
            message.Prepare(EncodingConstraint.SevenBit, MaxLineLength);
            Relabel(body);
            return TryWrite(message, converted);
        }
        catch (FormatException)
        {
            return false; // MimeKit's word for octets that are no message
        }
    }

    /// <summary>
    /// RFC 2045 §6.4: message/* other than message/rfc822, whose own parts are encoded, allows no encoding.
    /// </summary>
    private static bool HasUnencodablePart(MimeMessage message) =>
        message.BodyParts.OfType<MimePart>().Any(part =>
            part.ContentType.IsMimeType("message", "*")
            && part.ContentTransferEncoding is ContentEncoding.EightBit or ContentEncoding.Binary);

    /// <summary>RFC 1428 §3: 8-bit text that came without MIME is in a charset that nobody knows.</summary>
    private static void DeclareCharset(MimeEntity body)
    {
        if (body is TextPart && !body.Headers.Contains(HeaderId.ContentType))
        {
            body.ContentType.Charset = "unknown-8bit";
        }
    }

    /// <summary>
    /// RFC 2045 §6.4: what holds other parts declares the most that they need, which now is 7bit. What a signature
    /// covers is left alone.
    /// </summary>
    private static void Relabel(MimeEntity? entity)
    {
        const string Declared = "Content-Transfer-Encoding";
        if (entity is not (Multipart or MessagePart))
        {
            return;
        }

        if (entity.Headers[Declared] is { } encoding && encoding.Trim().ToUpperInvariant() is "8BIT" or "BINARY")
        {
            entity.Headers[Declared] = "7bit";
        }

        Relabel((entity as MessagePart)?.Message?.Body);
        foreach (var part in entity is Multipart parts and not MultipartSigned ? parts : [])
        {
            Relabel(part);
        }
    }

    private static bool TryWrite(MimeMessage message, Stream converted)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        using var guard = new SevenBitGuard(converted);
        message.WriteTo(format, guard);
        return guard.IsSevenBitText;
    }
}
