using MailCluster.Mail.Headers;

namespace MailCluster.Mail.Dsn;

/// <summary>
/// The part that programs read: message/delivery-status (RFC 3464 §2) or its UTF-8 form (RFC 6533 §4).
/// </summary>
internal static class DsnStatusPart
{
    public static string Write(DsnReport report, bool utf8)
    {
        var text = new FoldedText(utf8);
        WriteMessageFields(text, report);
        foreach (var recipient in report.Recipients)
        {
            text.EmptyLine();
            WriteRecipientFields(text, recipient, utf8);
        }

        return text.ToString();
    }

    /// <summary>per-message-fields (§2.2)</summary>
    private static void WriteMessageFields(FoldedText text, DsnReport report)
    {
        if (report.EnvelopeId is { } xtext && Xtext.TryDecode(xtext, out var envelopeId) && envelopeId.Length > 0)
        {
            text.Unfolded("Original-Envelope-Id", envelopeId);
        }

        text.Field("Reporting-MTA", $"dns; {report.ReportingMta.ToAscii()}");
        text.Field("Arrival-Date", MailDate.Format(report.ArrivalDate));
    }

    /// <summary>per-recipient-fields (§2.3), in the order of the grammar</summary>
    private static void WriteRecipientFields(FoldedText text, DsnRecipient recipient, bool utf8)
    {
        if (DsnAddress.Original(recipient.OriginalRecipient, utf8) is { } original)
        {
            text.Unfolded("Original-Recipient", original);
        }

        text.Unfolded("Final-Recipient", DsnAddress.Typed(recipient.Final.Address, utf8));
        text.Field("Action", Word(recipient.Action));
        text.Field("Status", recipient.Status.ToString());
        if (recipient.RemoteMta is { Length: > 0 } remote)
        {
            text.Field("Remote-MTA", $"dns; {remote}");
        }

        if (recipient.RemoteReply is { } reply)
        {
            text.Field("Diagnostic-Code", $"smtp; {reply}");
        }

        if (recipient.LastAttempt is { } lastAttempt)
        {
            text.Field("Last-Attempt-Date", MailDate.Format(lastAttempt));
        }

        if (recipient is { Action: DsnAction.Delayed, WillRetryUntil: { } until })
        {
            text.Field("Will-Retry-Until", MailDate.Format(until));
        }
    }

    private static string Word(DsnAction action) =>
        action switch
        {
            DsnAction.Delayed => "delayed",
            DsnAction.Delivered => "delivered",
            DsnAction.Relayed => "relayed",
            DsnAction.Expanded => "expanded",
            _ => "failed",
        };
}
