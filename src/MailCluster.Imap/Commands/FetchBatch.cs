using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>Messages of a FETCH whose small sections are read together. Used by one FETCH.</summary>
internal sealed class FetchBatch(ImmutableArray<FetchItem> items)
{
    /// <summary>Longer sections are streamed, each by itself.</summary>
    public const int LargestRead = 64 * 1024;

    /// <summary>Octets of a header in which HEADER.FIELDS looks; what stands behind them is not found.</summary>
    private const int LargestHeader = 1024 * 1024;

    private readonly List<FetchRow> _rows = [];
    private readonly List<MessageSlice> _slices = [];

    public IReadOnlyList<FetchRow> Rows => _rows;

    /// <summary>What is to be read for the rows.</summary>
    public ImmutableArray<MessageSlice> Slices => [.. _slices];

    /// <summary>Of these slices and of the structures.</summary>
    public long Octets { get; private set; }

    public void Add(FetchedMessage message, MessageStructure? structure)
    {
        var layout = new MessageLayout(message, structure);
        var sections = new FetchSection[items.Length];
        var first = _slices.Count;
        for (var i = 0; i < items.Length; i++)
        {
            var slice = items[i].IsSection ? SliceOf(items[i], layout) : null;
            sections[i] = new FetchSection(slice, slice is not null && IsSmall(items[i], slice) ? PlaceOf(slice, first) : -1);
        }

        Octets += message.Structure?.Length ?? 0;
        _rows.Add(new FetchRow(message, structure, layout, sections));
    }

    /// <summary>A message's slice may be asked for many times, such as the header for a field each: it is read once.</summary>
    private int PlaceOf(MessageSlice slice, int first)
    {
        for (var at = first; at < _slices.Count; at++)
        {
            if (_slices[at].Offset == slice.Offset && _slices[at].Length == slice.Length)
            {
                return at;
            }
        }

        _slices.Add(slice);
        Octets += slice.Length;
        return _slices.Count - 1;
    }

    /// <summary>A header is read for its fields at once.</summary>
    private static bool IsSmall(FetchItem item, MessageSlice slice) => slice.Length <= LargestRead || item.Section!.IsFields;

    private static MessageSlice? SliceOf(FetchItem item, MessageLayout layout) =>
        layout.Find(
            item.Section!,
            item.Section!.IsFields ? new PartialRange(0, LargestHeader) : item.IsBinary ? null : item.Partial);
}

/// <summary>A message of a FETCH.</summary>
/// <param name="Sections">Of each item, in the order of the command.</param>
internal sealed record FetchRow(
    FetchedMessage Message, MessageStructure? Structure, MessageLayout Layout, FetchSection[] Sections)
{
    /// <summary>The body was there when the message was found, and is no more.</summary>
    public bool IsGone(ImmutableArray<ReadOnlyMemory<byte>?> read) =>
        Array.Exists(Sections, section => section.IsRead && read[section.Place] is null);
}

/// <summary>Where the octets of an item are.</summary>
/// <param name="Slice">Null where the message has no such section, or the item is none.</param>
/// <param name="Place">Among the slices of the batch; -1 where it is streamed.</param>
internal readonly record struct FetchSection(MessageSlice? Slice, int Place)
{
    public bool IsRead => Place >= 0;
}
