using System.Collections.Immutable;
using System.Globalization;
using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Tests.Structure;

/// <summary>Writes a structure as IMAP would, so that tests can say what a client gets (RFC 9051 §7.5.2).</summary>
internal static class ImapText
{
    public static string BodyStructure(MessagePart part)
    {
        var fields = part.IsMultipart
            ? new List<string>
            {
                string.Concat(part.Children.Select(BodyStructure)),
                Quote(part.MediaSubtype),
                Parameters(part.Parameters),
            }
            : Basic(part);
        fields.AddRange([
            part.Disposition is null ? "NIL" : $"({Quote(part.Disposition)} {Parameters(part.DispositionParameters)})",
            part.Languages.IsEmpty ? "NIL" : $"({string.Join(' ', part.Languages.Select(Quote))})",
            Quote(part.Location),
        ]);
        return $"({string.Join(' ', fields)})";
    }

    public static string Envelope(MessageEnvelope envelope) => "(" + string.Join(' ', [
        Quote(envelope.Date), Quote(envelope.Subject), Addresses(envelope.From), Addresses(envelope.Sender),
        Addresses(envelope.ReplyTo), Addresses(envelope.To), Addresses(envelope.Cc), Addresses(envelope.Bcc),
        Quote(envelope.InReplyTo), Quote(envelope.MessageId)]) + ")";

    public static string Addresses(ImmutableArray<MessageAddress> addresses) =>
        addresses.IsEmpty ? "NIL" : "(" + string.Concat(addresses.Select(a =>
            $"({Quote(a.Name)} {Quote(a.Route)} {Quote(a.Mailbox)} {Quote(a.Host)})")) + ")";

    private static List<string> Basic(MessagePart part)
    {
        var fields = new List<string>
        {
            Quote(part.MediaType), Quote(part.MediaSubtype), Parameters(part.Parameters), Quote(part.ContentId),
            Quote(part.Description), Quote(part.TransferEncoding),
            part.Body.Length.ToString(CultureInfo.InvariantCulture),
        };
        if (part.Embedded is { } embedded)
        {
            fields.AddRange([Envelope(embedded.Envelope), BodyStructure(embedded.Root)]);
        }

        if (part.Embedded is not null || part.MediaType == "text")
        {
            fields.Add(part.Lines.ToString(CultureInfo.InvariantCulture));
        }

        fields.Add(Quote(part.Md5));
        return fields;
    }

    private static string Parameters(ImmutableArray<MimeParameter> parameters) =>
        parameters.IsEmpty ? "NIL"
            : "(" + string.Join(' ', parameters.Select(p => $"{Quote(p.Name)} {Quote(p.Value)}")) + ")";

    private static string Quote(string? text) =>
        text is null ? "NIL"
            : "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
