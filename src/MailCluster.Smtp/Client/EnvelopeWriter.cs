using System.Buffers;
using System.Buffers.Text;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;

namespace MailCluster.Smtp.Client;

/// <summary>Writes MAIL and RCPT with the parameters that the next hop knows, and no others.</summary>
internal static class EnvelopeWriter
{
    /// <summary>RFC 5321 §4.1.1.2, with SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461).</summary>
    public static void WriteMail(OutboundTransaction transaction, ServerCapabilities known, IBufferWriter<byte> output)
    {
        var message = transaction.Message;
        output.Write("MAIL FROM:<"u8);
        if (message.ReversePath.Address is { } address)
        {
            Append(Spell(address, transaction.Utf8), output);
        }

        output.Write(">"u8);
        if (known.Size)
        {
            output.Write(" SIZE="u8);
            Append(message.Size, output);
        }

        output.Write(message.BodyType switch
        {
            BodyType.EightBitMime => " BODY=8BITMIME"u8,
            BodyType.BinaryMime => " BODY=BINARYMIME"u8,
            _ => [],
        });
        output.Write(transaction.Utf8 ? " SMTPUTF8"u8 : []);
        if (known.Dsn)
        {
            output.Write(message.Return switch
            {
                DsnReturn.Full => " RET=FULL"u8,
                DsnReturn.Headers => " RET=HDRS"u8,
                _ => [],
            });
            AppendParameter(" ENVID="u8, message.EnvelopeId, utf8: false, output);
        }

        output.Write("\r\n"u8);
    }

    /// <summary>RFC 5321 §4.1.1.3, with NOTIFY and ORCPT (RFC 3461).</summary>
    public static void WriteRcpt(
        OutboundRecipient recipient, bool utf8, ServerCapabilities known, IBufferWriter<byte> output)
    {
        output.Write("RCPT TO:<"u8);
        Append(Spell(recipient.Path.Address, utf8), output);
        output.Write(">"u8);
        if (known.Dsn)
        {
            output.Write(NotifyParameter(recipient.Notify));
            AppendParameter(" ORCPT="u8, recipient.OriginalRecipient, utf8, output);
        }

        output.Write("\r\n"u8);
    }

    public static void Append(long number, IBufferWriter<byte> output)
    {
        const int MaxDigits = 20;
        Utf8Formatter.TryFormat(number, output.GetSpan(MaxDigits), out var length);
        output.Advance(length);
    }

    /// <summary>Without SMTPUTF8 a domain goes out with its A-labels (RFC 5890), which mean the same.</summary>
    private static string Spell(MailAddress address, bool utf8) =>
        !utf8 && !address.Domain.IsAscii && DomainName.TryParse(address.Domain.ToAscii(), allowUtf8: false, out var ascii)
            ? (address with { Domain = ascii }).ToString()
            : address.ToString();

    private static ReadOnlySpan<byte> NotifyParameter(DsnNotify notify) => notify switch
    {
        DsnNotify.Never => " NOTIFY=NEVER"u8,
        DsnNotify.Success => " NOTIFY=SUCCESS"u8,
        DsnNotify.Failure => " NOTIFY=FAILURE"u8,
        DsnNotify.Delay => " NOTIFY=DELAY"u8,
        DsnNotify.Success | DsnNotify.Failure => " NOTIFY=SUCCESS,FAILURE"u8,
        DsnNotify.Success | DsnNotify.Delay => " NOTIFY=SUCCESS,DELAY"u8,
        DsnNotify.Failure | DsnNotify.Delay => " NOTIFY=FAILURE,DELAY"u8,
        DsnNotify.Success | DsnNotify.Failure | DsnNotify.Delay => " NOTIFY=SUCCESS,FAILURE,DELAY"u8,
        _ => [],
    };

    /// <summary>
    /// A value that would end the parameter or the line is left out rather than sent, and so is one beyond ASCII where
    /// SMTPUTF8 is not in use (RFC 6533 §3).
    /// </summary>
    private static void AppendParameter(ReadOnlySpan<byte> name, string? value, bool utf8, IBufferWriter<byte> output)
    {
        if (string.IsNullOrEmpty(value) || value.AsSpan().ContainsAnyInRange('\0', ' ') || !(utf8 || Ascii.IsValid(value)))
        {
            return;
        }

        output.Write(name);
        Append(value, output);
    }

    private static void Append(string text, IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(text, output);
}
