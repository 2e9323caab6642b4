using System.Text;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// Where the sections of a stored message are. The structure is that of the body alone, which many accounts may hold; the
/// prefix, which is the copy's own, stands before it and belongs to its header.
/// </summary>
internal sealed class MessageLayout(FetchedMessage message, MessageStructure? structure)
{
    private readonly int _prefixLength = Encoding.UTF8.GetByteCount(message.Prefix ?? "");

    /// <summary>Null where the message has no such section.</summary>
    public MessageSlice? Find(SectionSpec section, PartialRange? partial)
    {
        var range = section.IsWhole ? new OctetRange(0, message.Size) : Moved(structure?.Find(section.Path, section.Section));
        return range is { } found ? Cut(found, partial) : null;
    }

    /// <summary>
    /// Of BINARY[...]; null where the message has no such section. What holds other parts, and the message as a whole, is
    /// not encoded itself (RFC 2045 §6.4).
    /// </summary>
    public EncodedSlice? FindEncoded(SectionSpec section)
    {
        if (Find(section, partial: null) is not { } slice)
        {
            return null;
        }

        var part = section.IsWhole ? null : structure!.Find(section.Path);
        return part is null or { IsMultipart: true } or { Embedded: not null }
            ? new EncodedSlice(slice, "binary", IsText: false)
            : new EncodedSlice(slice, part.TransferEncoding, part.MediaType == "text");
    }

    private MessageSlice Cut(OctetRange range, PartialRange? partial)
    {
        if (partial is { } part)
        {
            var skipped = Math.Min(part.First, range.Length);
            range = new OctetRange(range.Start + skipped, Math.Min(part.Count, range.Length - skipped));
        }

        return new MessageSlice(message.Body, message.Prefix ?? "", range.Start, range.Length);
    }

    private OctetRange? Moved(OctetRange? range) => range switch
    {
        null => null,
        { } header when header == structure!.Root.Header => new OctetRange(0, header.End + _prefixLength),
        { } other => other with { Start = other.Start + _prefixLength },
    };
}
