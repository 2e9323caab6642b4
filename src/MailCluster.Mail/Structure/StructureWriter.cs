using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace MailCluster.Mail.Structure;

/// <summary>Writes field after field in the order in which <see cref="StructureParser"/> reads them.</summary>
internal sealed class StructureWriter
{
    private readonly ArrayBufferWriter<byte> _octets = new(1024);

    public StructureWriter(byte version) => _octets.Write([version]);

    public ReadOnlySpan<byte> Written => _octets.WrittenSpan;

    public void Structure(MessageStructure structure)
    {
        Number(structure.Size);
        Envelope(structure.Envelope);
        SortKeys(structure.SortKeys);
        Text(structure.Preview);
        Number(structure.HasAttachment ? 1 : 0);
        Part(structure.Root, 0);
    }

    /// <summary>Offsets count from the start of the parent: shorter numbers.</summary>
    private void Part(MessagePart part, long origin)
    {
        Text(part.MediaType);
        Text(part.MediaSubtype);
        Parameters(part.Parameters);
        Text(part.ContentId);
        Text(part.Description);
        Text(part.TransferEncoding);
        Text(part.Disposition);
        Parameters(part.DispositionParameters);
        Texts(part.Languages);
        Text(part.Location);
        Text(part.Md5);
        Number(part.Header.Start - origin);
        Number(part.Header.Length);
        Number(part.Body.Length);
        Number(part.Lines);
        Number(part.Children.Length);
        foreach (var child in part.Children)
        {
            Part(child, part.Header.Start);
        }

        Number(part.Embedded is null ? 0 : 1);
        if (part.Embedded is { } embedded)
        {
            Envelope(embedded.Envelope);
            Part(embedded.Root, part.Header.Start);
        }
    }

    private void Envelope(MessageEnvelope envelope)
    {
        Text(envelope.Date);
        Text(envelope.Subject);
        Addresses(envelope.From);
        AddressesOrFrom(envelope.Sender, envelope.From);
        AddressesOrFrom(envelope.ReplyTo, envelope.From);
        Addresses(envelope.To);
        Addresses(envelope.Cc);
        Addresses(envelope.Bcc);
        Text(envelope.InReplyTo);
        Text(envelope.MessageId);
    }

    private void SortKeys(MessageSortKeys keys)
    {
        Text(keys.BaseSubject);
        Number(keys.IsReplyOrForward ? 1 : 0);
        Number(keys.SentAt is { } sent ? sent.UtcTicks + 1 : 0);
        Text(keys.FromMailbox);
        Text(keys.ToMailbox);
        Text(keys.CcMailbox);
        Text(keys.DisplayFrom);
        Text(keys.DisplayTo);
        Text(keys.MessageId);
        Texts(keys.References);
    }

    private void AddressesOrFrom(ImmutableArray<MessageAddress> addresses, ImmutableArray<MessageAddress> from)
    {
        var same = addresses.SequenceEqual(from);
        Number(same ? 1 : 0);
        if (!same)
        {
            Addresses(addresses);
        }
    }

    private void Addresses(ImmutableArray<MessageAddress> addresses)
    {
        Number(addresses.Length);
        foreach (var address in addresses)
        {
            Text(address.Name);
            Text(address.Route);
            Text(address.Mailbox);
            Text(address.Host);
        }
    }

    private void Parameters(ImmutableArray<MimeParameter> parameters)
    {
        Number(parameters.Length);
        foreach (var parameter in parameters)
        {
            Text(parameter.Name);
            Text(parameter.Value);
        }
    }

    private void Texts(ImmutableArray<string> texts)
    {
        Number(texts.Length);
        foreach (var text in texts)
        {
            Text(text);
        }
    }

    /// <summary>One more than its length, then UTF-8; 0 is null.</summary>
    private void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        Number(length + 1L);
        Encoding.UTF8.GetBytes(text, _octets.GetSpan(length));
        _octets.Advance(length);
    }

    /// <summary>Seven bits an octet, the lowest first; the eighth says that more follow.</summary>
    private void Number(long value)
    {
        var rest = (ulong)value;
        var span = _octets.GetSpan(10);
        var length = 0;
        for (; rest >= 0x80; rest >>= 7)
        {
            span[length++] = (byte)(rest | 0x80);
        }

        span[length++] = (byte)rest;
        _octets.Advance(length);
    }
}
