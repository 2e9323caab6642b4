using System.Collections.Immutable;

namespace MailCluster.Mail.Structure;

/// <summary>
/// What stands in a stored message and where: computed once by <see cref="MessageStructureReader"/> and kept beside
/// the body by <see cref="StructureFormat"/>. Immutable.
/// </summary>
public sealed record MessageStructure
{
    public required long Size { get; init; }

    public required MessageEnvelope Envelope { get; init; }

    public required MessagePart Root { get; init; }

    public MessageSortKeys SortKeys { get; init; } = MessageSortKeys.Empty;

    /// <summary>RFC 8970 §3; empty if there is nothing to read.</summary>
    public string Preview { get; init; } = "";

    public bool HasAttachment { get; init; }

    /// <summary>
    /// The part with this number, null if there is none. The message itself has the empty path; what is not a
    /// multipart is its own part 1, and so is the inside of an embedded message (RFC 9051 §6.4.5.1).
    /// </summary>
    public MessagePart? Find(ImmutableArray<int> path)
    {
        var part = Root;
        var atRoot = true;
        foreach (var number in path)
        {
            if (!atRoot && part.Embedded is { } embedded)
            {
                part = embedded.Root;
                atRoot = true;
            }

            if (part.IsMultipart && number >= 1 && number <= part.Children.Length)
            {
                part = part.Children[number - 1];
            }
            else if (part.IsMultipart || !atRoot || number != 1)
            {
                return null;
            }

            atRoot = false;
        }

        return part;
    }

    /// <summary>The octets that BODY[path.section] names, null if the message has no such section.</summary>
    public OctetRange? Find(ImmutableArray<int> path, MessageSection section)
    {
        if (path.IsEmpty)
        {
            return section switch
            {
                MessageSection.Content => new OctetRange(0, Size),
                MessageSection.Header => Root.Header,
                MessageSection.Text => Root.Body,
                _ => null,
            };
        }

        var part = Find(path);
        return section switch
        {
            MessageSection.Content => part?.Body,
            MessageSection.Mime => part?.Header,
            MessageSection.Header => part?.Embedded?.Root.Header,
            MessageSection.Text => part?.Embedded?.Root.Body,
            _ => null,
        };
    }
}
