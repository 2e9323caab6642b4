using System.Collections.Immutable;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Responses;

/// <summary>Envelope and body structure (RFC 9051 §7.5.2). How deep parts nest is bounded where the structure is read.</summary>
internal sealed partial class ResponseWriter
{
    public ResponseWriter Envelope(MessageEnvelope envelope) => Raw("("u8)
        .NString(envelope.Date).Raw(" "u8)
        .NString(envelope.Subject).Raw(" "u8)
        .Addresses(envelope.From).Raw(" "u8)
        .Addresses(envelope.Sender).Raw(" "u8)
        .Addresses(envelope.ReplyTo).Raw(" "u8)
        .Addresses(envelope.To).Raw(" "u8)
        .Addresses(envelope.Cc).Raw(" "u8)
        .Addresses(envelope.Bcc).Raw(" "u8)
        .NString(envelope.InReplyTo).Raw(" "u8)
        .NString(envelope.MessageId).Raw(")"u8);

    /// <param name="part">The part with those below it.</param>
    /// <param name="isExtended">BODYSTRUCTURE; else BODY, without the fields that came later.</param>
    public ResponseWriter Structure(MessagePart part, bool isExtended) =>
        part.IsMultipart ? Multipart(part, isExtended) : SinglePart(part, isExtended);

    private ResponseWriter Multipart(MessagePart part, bool isExtended)
    {
        Raw("("u8);
        foreach (var child in part.Children)
        {
            Structure(child, isExtended);
        }

        Raw(" "u8).String(part.MediaSubtype.ToUpperInvariant());
        if (isExtended)
        {
            Raw(" "u8).Parameters(part.Parameters);
            Extension(part);
        }

        return Raw(")"u8);
    }

    private ResponseWriter SinglePart(MessagePart part, bool isExtended)
    {
        Raw("("u8).String(part.MediaType.ToUpperInvariant()).Raw(" "u8).String(part.MediaSubtype.ToUpperInvariant());
        Raw(" "u8).Parameters(part.Parameters);
        Raw(" "u8).NString(part.ContentId);
        Raw(" "u8).NString(part.Description);
        Raw(" "u8).String(part.TransferEncoding.ToUpperInvariant());
        Raw(" "u8).Number(part.Body.Length);
        if (part.Embedded is { } embedded)
        {
            Raw(" "u8).Envelope(embedded.Envelope).Raw(" "u8).Structure(embedded.Root, isExtended);
            Raw(" "u8).Number(part.Lines);
        }
        else if (part.MediaType == "text")
        {
            Raw(" "u8).Number(part.Lines);
        }

        if (isExtended)
        {
            Raw(" "u8).NString(part.Md5);
            Extension(part);
        }

        return Raw(")"u8);
    }

    /// <summary>Disposition, languages and location.</summary>
    private void Extension(MessagePart part)
    {
        Raw(" "u8);
        if (part.Disposition is { } disposition)
        {
            Raw("("u8).String(disposition).Raw(" "u8).Parameters(part.DispositionParameters).Raw(")"u8);
        }
        else
        {
            Raw("NIL"u8);
        }

        Raw(" "u8);
        switch (part.Languages)
        {
            case []:
                Raw("NIL"u8);
                break;
            case [var only]:
                String(only);
                break;
            default:
                Raw("("u8);
                for (var i = 0; i < part.Languages.Length; i++)
                {
                    Raw(i == 0 ? ""u8 : " "u8).String(part.Languages[i]);
                }

                Raw(")"u8);
                break;
        }

        Raw(" "u8).NString(part.Location);
    }

    /// <summary>Parameters that come in pieces are told whole (RFC 9051 §7.5.2); before IMAP4rev2 clients join them.</summary>
    public bool JoinsParameters { get; set; }

    private ResponseWriter Parameters(ImmutableArray<MimeParameter> parameters)
    {
        parameters = JoinsParameters ? ContinuedParameters.Join(parameters) : parameters;
        if (parameters.IsEmpty)
        {
            return Raw("NIL"u8);
        }

        Raw("("u8);
        for (var i = 0; i < parameters.Length; i++)
        {
            Raw(i == 0 ? ""u8 : " "u8).String(parameters[i].Name).Raw(" "u8).String(parameters[i].Value);
        }

        return Raw(")"u8);
    }

    private ResponseWriter Addresses(ImmutableArray<MessageAddress> addresses)
    {
        if (addresses.IsEmpty)
        {
            return Raw("NIL"u8);
        }

        Raw("("u8);
        foreach (var address in addresses)
        {
            Raw("("u8).NString(address.Name).Raw(" "u8).NString(address.Route).Raw(" "u8)
                .NString(address.Mailbox).Raw(" "u8).NString(address.Host).Raw(")"u8);
        }

        return Raw(")"u8);
    }
}
