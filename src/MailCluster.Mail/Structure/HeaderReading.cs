using System.Collections.Immutable;
using System.Text;
using MimeKit.Utils;

namespace MailCluster.Mail.Structure;

/// <summary>From the collected fields of a message to its envelope structure and its sort keys.</summary>
internal static class HeaderReading
{
    public static MessageEnvelope Envelope(HeaderFields fields)
    {
        var from = AddressListParser.Parse(fields.Value("from"));
        return new MessageEnvelope
        {
            Date = fields.Value("date"),
            Subject = fields.Value("subject"),
            From = from,
            Sender = OrElse(AddressListParser.Parse(fields.Value("sender")), from),
            ReplyTo = OrElse(AddressListParser.Parse(fields.Value("reply-to")), from),
            To = AddressListParser.Parse(fields.Value("to")),
            Cc = AddressListParser.Parse(fields.Value("cc")),
            Bcc = AddressListParser.Parse(fields.Value("bcc")),
            InReplyTo = fields.Value("in-reply-to"),
            MessageId = fields.Value("message-id"),
        };
    }

    public static MessageSortKeys SortKeys(MessageEnvelope envelope, string? references)
    {
        var (subject, isReplyOrForward) = BaseSubject.Of(envelope.Subject);
        var known = MessageIds.All(references);
        return new MessageSortKeys
        {
            BaseSubject = subject,
            IsReplyOrForward = isReplyOrForward,
            SentAt = SentDate.Parse(envelope.Date),
            FromMailbox = Mailbox(envelope.From),
            ToMailbox = Mailbox(envelope.To),
            CcMailbox = Mailbox(envelope.Cc),
            DisplayFrom = DisplayName(envelope.From),
            DisplayTo = DisplayName(envelope.To),
            MessageId = MessageIds.All(envelope.MessageId, 1).FirstOrDefault(),
            References = known.IsEmpty ? MessageIds.All(envelope.InReplyTo, 1) : known,
        };
    }

    private static ImmutableArray<MessageAddress> OrElse(
        ImmutableArray<MessageAddress> own, ImmutableArray<MessageAddress> other) => own.IsEmpty ? other : own;

    private static string Mailbox(ImmutableArray<MessageAddress> addresses) =>
        addresses.IsEmpty ? "" : addresses[0].Mailbox ?? "";

    /// <summary>RFC 5957 §3: the decoded name, or mailbox@host; a group has its name in the mailbox.</summary>
    private static string DisplayName(ImmutableArray<MessageAddress> addresses)
    {
        if (addresses.IsEmpty)
        {
            return "";
        }

        var first = addresses[0];
        var name = first.IsGroupStart ? first.Mailbox : first.Name;
        return string.IsNullOrEmpty(name)
            ? string.IsNullOrEmpty(first.Host) ? first.Mailbox ?? "" : $"{first.Mailbox}@{first.Host}"
            : Rfc2047.DecodePhrase(Encoding.UTF8.GetBytes(name));
    }
}
