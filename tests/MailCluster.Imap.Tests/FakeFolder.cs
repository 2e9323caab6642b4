using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>One folder in memory.</summary>
internal sealed class FakeFolder(FolderId id, FolderName name, string? specialUse, UidValidity validity)
{
    private readonly List<(Uid Uid, long ModSeq)> _expunged = [];
    private uint _uidNext = 1;

    public FolderId Id => id;

    public FolderName Name { get; set; } = name;

    public UidValidity UidValidity => validity;

    public long HighestModSeq { get; set; } = 1;

    public SortedDictionary<Uid, FetchedMessage> Messages { get; } = [];

    /// <summary>As far as the rights go.</summary>
    public static FetchedMessage With(FetchedMessage message, FlagsChange change, FolderRights rights)
    {
        var renewed = With(message, change);
        var flags = rights.ChangeableFlags();
        return message with
        {
            Flags = (renewed.Flags & flags) | (message.Flags & ~flags),
            Keywords = rights.HasFlag(FolderRights.Write) ? renewed.Keywords : message.Keywords,
        };
    }

    private static FetchedMessage With(FetchedMessage message, FlagsChange change) => change.Action switch
    {
        FlagsAction.Add => message with
        {
            Flags = message.Flags | change.Flags,
            Keywords = [.. message.Keywords.Union(change.Keywords, StringComparer.OrdinalIgnoreCase).Order()],
        },
        FlagsAction.Remove => message with
        {
            Flags = message.Flags & ~change.Flags,
            Keywords = [.. message.Keywords.Except(change.Keywords, StringComparer.OrdinalIgnoreCase)],
        },
        _ => message with { Flags = change.Flags, Keywords = [.. Distinct(change.Keywords)] },
    };

    private static IEnumerable<string> Distinct(IEnumerable<string> keywords) =>
        keywords.Distinct(StringComparer.OrdinalIgnoreCase).Order();

    public Folder Snapshot() => new(
        id,
        Name,
        specialUse,
        validity,
        new Uid(_uidNext),
        HighestModSeq,
        Messages.Count,
        Messages.Values.Count(message => !message.Flags.HasFlag(MessageFlags.Seen)),
        Messages.Values.Count(message => message.Flags.HasFlag(MessageFlags.Deleted)),
        Messages.Values.Sum(message => message.Size),
        Messages.Values.Where(message => message.Flags.HasFlag(MessageFlags.Deleted)).Sum(message => message.Size),
        [.. Messages.Values.SelectMany(message => message.Keywords).Distinct().Order()]);

    public UidSet Uids => UidSet.Of(Messages.Keys);

    public Uid Add(AppendEntry entry, long modseq) => Add(
        new FetchedMessage(default, 0, entry.Flags, [.. Distinct(entry.Keywords)])
        {
            Size = entry.BodySize + Encoding.UTF8.GetByteCount(entry.Prefix),
            InternalDate = entry.InternalDate.ToUniversalTime(),
            SaveDate = FakeMailbox.Now,
            Body = entry.Body,
            Prefix = entry.Prefix,
        },
        modseq);

    public Uid Add(FetchedMessage message, long modseq)
    {
        var uid = new Uid(_uidNext++);
        Messages[uid] = message with { Uid = uid, ModSeq = modseq };
        HighestModSeq = modseq;
        return uid;
    }

    public void Remove(UidSet uids, long modseq)
    {
        foreach (var uid in Messages.Keys.Where(uids.Contains).ToList())
        {
            Messages.Remove(uid);
            _expunged.Add((uid, modseq));
        }
    }

    public ExpungedUids ExpungedSince(long modseq) => new(
        UidSet.Of(_expunged.Where(gone => gone.ModSeq > modseq).Select(gone => gone.Uid).Order()), IsForgotten: false);

    public ImmutableArray<FetchedMessage> Fetch(UidSet uids, FetchColumns columns, Uid after, int limit) =>
    [
        .. Messages.Values.Where(message => message.Uid > after && uids.Contains(message.Uid)).Take(limit).Select(
            message => columns == FetchColumns.Flags
                ? new FetchedMessage(message.Uid, message.ModSeq, message.Flags, message.Keywords)
                : message with { Prefix = columns.HasFlag(FetchColumns.Prefix) ? message.Prefix : null }),
    ];

    public UidSet Find(MessageCriteria wanted) => UidSet.Of(Messages.Values
        .Where(m => wanted.Uids.Contains(m.Uid)
            && (m.Flags & wanted.With) == wanted.With
            && (m.Flags & wanted.Without) == 0
            && (wanted.Keyword.Length == 0 || m.Keywords.Contains(wanted.Keyword, StringComparer.OrdinalIgnoreCase))
            && (wanted.WithoutKeyword.Length == 0 || !m.Keywords.Contains(wanted.WithoutKeyword, StringComparer.OrdinalIgnoreCase))
            && m.ModSeq > wanted.ChangedSince
            && m.Size >= wanted.MinSize && m.Size <= wanted.MaxSize
            && m.InternalDate >= wanted.InternalFrom && m.InternalDate < wanted.InternalBefore
            && m.SaveDate >= wanted.SavedFrom && m.SaveDate < wanted.SavedBefore)
        .Select(m => m.Uid));
}
