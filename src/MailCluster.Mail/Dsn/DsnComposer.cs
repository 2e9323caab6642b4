using System.Text;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Headers;

namespace MailCluster.Mail.Dsn;

/// <summary>
/// Writes a DSN: multipart/report (RFC 6522) of a notice for people, the status of each recipient for programs
/// (RFC 3464) and what is returned of the message. Pure: the same report gives the same octets.
/// </summary>
public static class DsnComposer
{
    /// <param name="report">What happened.</param>
    /// <param name="original">The message, or as much of its beginning as the caller wants to return.</param>
    /// <param name="originalIsComplete">False where <paramref name="original"/> was cut.</param>
    public static ComposedDsn Compose(DsnReport report, ReadOnlyMemory<byte> original, bool originalIsComplete)
    {
        var utf8 = NeedsUtf8(report, original);
        // RFC 3461 §4.3: RET=FULL is about failures only; whoever asked for nothing gets the header, which is enough
        // to know the message by and cannot fill a mailbox.
        var full = originalIsComplete
            && report.Return == DsnReturn.Full
            && report.Recipients.Any(recipient => recipient.Action == DsnAction.Failed);
        var returned = full ? ReturnedContent.Message(original, utf8) : null;
        returned ??= ReturnedContent.Header(original, utf8);
        var octets = Write(report, returned, utf8);
        var bodyType = Ascii.IsValid(octets) ? BodyType.SevenBit : BodyType.EightBitMime;
        return new ComposedDsn(octets, bodyType, utf8);
    }

    /// <summary>
    /// RFC 6533 §4 to §6: the UTF-8 forms only where something is beyond ASCII, since not every way back has SMTPUTF8.
    /// </summary>
    private static bool NeedsUtf8(DsnReport report, ReadOnlyMemory<byte> original) =>
        !report.Recipient.IsAscii
        || (report.Utf8
            && (report.Recipients.Any(recipient => !recipient.Final.IsAscii)
                || !Ascii.IsValid(ReturnedContent.HeaderOf(original).Span)));

    private static byte[] Write(DsnReport report, ReturnedContent? returned, bool utf8)
    {
        var boundary = Boundary(report, returned);
        using var message = new MemoryStream(4096 + (returned?.Octets.Length ?? 0));
        WriteHeader(message, report, boundary, utf8);
        WritePart(message, boundary, TextPart(DsnNotice.Write(report, utf8), "text/plain; charset="));
        WritePart(message, boundary, StatusPart(DsnStatusPart.Write(report, utf8), utf8));
        if (returned is not null)
        {
            WritePart(message, boundary, returned);
        }

        Append(message, $"\r\n--{boundary}--\r\n");
        return message.ToArray();
    }

    private static void WriteHeader(MemoryStream message, DsnReport report, string boundary, bool utf8)
    {
        var header = new FoldedText(utf8);
        header.Unfolded("From", $"\"Mail Delivery System\" <MAILER-DAEMON@{report.ReportingMta.ToAscii()}>");
        header.Unfolded("To", $"<{report.Recipient}>");
        header.Field("Subject", DsnNotice.Subject(report));
        header.Field("Date", MailDate.Format(report.Now));
        header.Unfolded("Message-ID", HeaderScanner.MessageId(report.QueueId, report.ReportingMta));
        header.Field("Auto-Submitted", "auto-replied"); // RFC 3834 §5: no vacation program may answer
        header.Field("MIME-Version", "1.0");
        header.Field("Content-Type", $"multipart/report; report-type=delivery-status; boundary=\"{boundary}\"");
        Append(message, header.ToString());
        Append(message, "\r\nThis is a delivery status notification in MIME format.\r\n");
    }

    private static ReturnedContent TextPart(string text, string type)
    {
        var ascii = Ascii.IsValid(text);
        return new ReturnedContent(
            type + (ascii ? "us-ascii" : "utf-8"), ascii ? "7bit" : "8bit", Encoding.UTF8.GetBytes(text));
    }

    private static ReturnedContent StatusPart(string text, bool utf8) =>
        new(utf8 ? "message/global-delivery-status" : "message/delivery-status",
            Ascii.IsValid(text) ? "7bit" : "8bit",
            Encoding.UTF8.GetBytes(text));

    private static void WritePart(MemoryStream message, string boundary, ReturnedContent part)
    {
        Append(message, $"\r\n--{boundary}\r\nContent-Type: {part.ContentType}\r\n");
        Append(message, $"Content-Transfer-Encoding: {part.TransferEncoding}\r\n\r\n");
        message.Write(part.Octets.Span);
    }

    /// <summary>
    /// RFC 2046 §5.1.1: must not occur in a part; the queue id is new, yet a sender may try to guess.
    /// </summary>
    private static string Boundary(DsnReport report, ReturnedContent? returned)
    {
        var boundary = $"=_{report.QueueId}";
        while (returned is not null && returned.Octets.Span.IndexOf(Encoding.ASCII.GetBytes(boundary)) >= 0)
        {
            boundary += "_";
        }

        return boundary;
    }

    private static void Append(MemoryStream message, string text) => message.Write(Encoding.UTF8.GetBytes(text));
}
