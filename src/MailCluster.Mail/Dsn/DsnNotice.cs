using MailCluster.Mail.Headers;

namespace MailCluster.Mail.Dsn;

/// <summary>The part that people read (RFC 6522 §3): what happened to whom, and what the remote server said.</summary>
internal static class DsnNotice
{
    private static readonly DsnAction[] Actions =
        [DsnAction.Failed, DsnAction.Delayed, DsnAction.Delivered, DsnAction.Relayed, DsnAction.Expanded];

    /// <summary>Named by the worst that happened.</summary>
    public static string Subject(DsnReport report) =>
        Array.Find(Actions, action => report.Recipients.Any(recipient => recipient.Action == action)) switch
        {
            DsnAction.Delayed => "Delivery delayed: your message is still on its way",
            DsnAction.Delivered => "Delivery report: your message was delivered",
            DsnAction.Relayed => "Delivery report: your message was passed on",
            DsnAction.Expanded => "Delivery report: your message was given to a list",
            _ => "Delivery failed: your message was not delivered",
        };

    public static string Write(DsnReport report, bool utf8)
    {
        var text = new FoldedText(utf8);
        text.Paragraph("", $"This is the mail server {report.ReportingMta.ToAscii()}.");
        text.Paragraph("", $"It writes about your message of {MailDate.Format(report.ArrivalDate)}.");
        foreach (var action in Actions)
        {
            var recipients = report.Recipients.Where(recipient => recipient.Action == action).ToArray();
            if (recipients.Length > 0)
            {
                WriteSection(text, action, recipients, utf8);
            }
        }

        return text.ToString();
    }

    private static void WriteSection(FoldedText text, DsnAction action, DsnRecipient[] recipients, bool utf8)
    {
        text.EmptyLine();
        text.Paragraph("", Explain(action));
        foreach (var recipient in recipients)
        {
            text.EmptyLine();
            text.Paragraph("    ", $"<{DsnAddress.Shown(recipient.Final.Address.ToString(), utf8)}>");
            if (recipient.RemoteReply is { } reply)
            {
                var gaveUp = action == DsnAction.Failed && reply.IsTransient;
                var speaker = recipient.RemoteMta is { Length: > 0 } remote ? $"The server {remote} said" : "Reason";
                text.Paragraph("        ", gaveUp
                    ? $"It was tried for as long as mail is kept. {speaker} at last: {reply}"
                    : $"{speaker}: {reply}");
            }

            if (action == DsnAction.Delayed && recipient.WillRetryUntil is { } until)
            {
                text.Paragraph("        ", $"It will be tried again until {MailDate.Format(until)}.");
            }
        }
    }

    private static string Explain(DsnAction action) =>
        action switch
        {
            DsnAction.Delayed =>
                "It could not be delivered yet to the recipients below. "
                + "You need not send it again: the server keeps trying.",
            DsnAction.Delivered => "It was delivered to:",
            DsnAction.Relayed =>
                "It was passed on to the next mail server, which will not confirm the delivery, for:",
            DsnAction.Expanded => "It was given to a list of recipients, none of whom will be reported, for:",
            _ => "It could not be delivered to the recipients below, and the server has given up.",
        };
}
