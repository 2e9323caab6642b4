using System.Collections.Immutable;
using System.Data.Common;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What IMAP reads of folders and messages; several queries of one answer see the same moment.</summary>
internal sealed class FolderQueries
{
    /// <summary>Ranges in one statement of a fetch.</summary>
    private const int MostRanges = 1000;

    private static readonly MessageCriteria Anything = new();

    private const string FolderRows =
        "SELECT id, name, special_use, uid_validity, uid_next, highest_modseq, messages, unseen, deleted, size,"
        + " deleted_size, keywords, owner_rights FROM folder";

    /// <summary>The same of a folder <c>f</c>, for others than its owner.</summary>
    public const string SharedColumns =
        "f.id, f.name, f.special_use, f.uid_validity, f.uid_next, f.highest_modseq, f.messages, f.unseen, f.deleted,"
        + " f.size, f.deleted_size, f.keywords, f.owner_rights";

    public const int ColumnCount = 13;

    private const string FolderColumns = FolderRows + " WHERE account_id = @account";

    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _folders;
    private readonly Statement _folder;
    private readonly Statement _folderById;
    private readonly Statement _subscribed;
    private readonly Statement _uids;
    private readonly Statement _expunged;
    private readonly Statement _expungedFrom;
    private readonly Statement _quota;
    private readonly Statement _structure;
    private readonly Statement _highest;
    private readonly Statement _changed;
    private readonly Statement[] _fetchRange;
    private readonly Statement[] _fetchSet;
    private readonly CriteriaQueries _criteria;

    public FolderQueries(SqlSession session)
    {
        _begin = session.Prepare(session.Database.BeginReading);
        _end = session.Prepare("ROLLBACK");
        _folders = session.Prepare(FolderColumns + " AND name >= ' '");
        _folder = session.Prepare(FolderColumns + " AND name = @name");
        _folderById = session.Prepare(FolderRows + " WHERE id = @folder AND name >= ' '");
        _subscribed = session.Prepare("SELECT name FROM subscription WHERE account_id = @account");
        _uids = session.Prepare("SELECT uid FROM message WHERE folder_id = @folder ORDER BY uid");
        _expunged = session.Prepare("SELECT uid FROM expunged WHERE folder_id = @folder AND modseq > @modseq");
        _expungedFrom = session.Prepare("SELECT expunged_from FROM folder WHERE id = @folder AND name >= ' '");
        _quota = session.Prepare(
            "SELECT used_bytes, quota_bytes, message_count, quota_messages FROM account WHERE id = @account");
        _structure = session.Prepare("SELECT data FROM structure WHERE body_id = @body");
        _criteria = new CriteriaQueries(session);
        _highest = session.Prepare(
            $"SELECT coalesce(max(m.modseq), 0) FROM {session.Database.Ranges} CROSS JOIN message m"
            + " WHERE m.folder_id = @folder AND m.uid BETWEEN r.first AND r.last");
        _changed = session.Prepare("SELECT uid FROM message WHERE folder_id = @folder AND modseq > @modseq");
        const int Combinations = 1 + (int)(FetchColumns.Short | FetchColumns.Prefix | FetchColumns.Structure);
        _fetchRange = [.. Enumerable.Range(0, Combinations).Select(columns => session.Prepare(
            Fetch((FetchColumns)columns, "message m") + " AND m.uid BETWEEN @first AND @last ORDER BY m.uid LIMIT @limit"))];
        _fetchSet = [.. Enumerable.Range(0, Combinations).Select(columns => session.Prepare(
            Fetch((FetchColumns)columns, $"{session.Database.Ranges} CROSS JOIN message m")
            + " AND m.uid BETWEEN r.first AND r.last ORDER BY m.uid"))];
    }

    public FolderList List(AccountId account) => AtOneMoment(() =>
    {
        var folders = new List<Folder>();
        using (var rows = _folders.Query(account.Value))
        {
            while (rows.Read())
            {
                folders.Add(FolderOf(rows));
            }
        }

        var names = new List<FolderName>();
        using (var rows = _subscribed.Query(account.Value))
        {
            while (rows.Read())
            {
                names.Add(FolderName.OfStored(rows.GetString(0)));
            }
        }

        return new FolderList(
            [.. folders.OrderBy(folder => folder.Name.Text, StringComparer.Ordinal)],
            [.. names.OrderBy(name => name.Text, StringComparer.Ordinal)]);
    });

    public Folder? Find(AccountId account, FolderName name)
    {
        using var rows = _folder.Query(account.Value, name.Text);
        return rows.Read() ? FolderOf(rows) : null;
    }

    public OpenedFolder? Open(AccountId account, FolderName name) => AtOneMoment(() =>
        Find(account, name) is { } folder ? new OpenedFolder(folder, Uids(_uids.Query(folder.Id.Value))) : null);

    public UidSet FindUids(FolderId folder, MessageCriteria criteria) =>
        criteria with { Uids = UidSet.All, ChangedSince = 0 } == Anything && criteria.ChangedSince > 0
            ? UidSet.Of(Changed(folder, criteria.ChangedSince)).Intersect(criteria.Uids)
            : Uids(_criteria.Find(folder, criteria));

    /// <summary>By the index of MODSEQs: the news of a large folder are few, and read after each change.</summary>
    private List<Uid> Changed(FolderId folder, long since)
    {
        using var rows = _changed.Query(folder.Value, since);
        var uids = new List<Uid>();
        while (rows.Read())
        {
            uids.Add(new Uid((uint)rows.GetInt64(0)));
        }

        uids.Sort();
        return uids;
    }

    /// <summary>Some ranges at a time, so that no statement is longer than others.</summary>
    public long HighestModSeq(FolderId folder, UidSet uids) => AtOneMoment(() => uids.Ranges.Chunk(MostRanges)
        .Select(ranges => (long)(_highest.Scalar(UidSet.Of(ranges).ToJson(), folder.Value) ?? 0L))
        .DefaultIfEmpty().Max());

    /// <summary>One moment for all three, so that nothing is missed and nothing told that the counters do not hold.</summary>
    public FolderNews? News(FolderId folder, long since) => AtOneMoment(() =>
    {
        if (Find(folder) is not { } found)
        {
            return null;
        }

        return found.HighestModSeq <= since
            ? new FolderNews(found, UidSet.Empty, new ExpungedUids(UidSet.Empty, IsForgotten: false))
            : new FolderNews(
                found, FindUids(folder, new MessageCriteria { ChangedSince = since }), ExpungedAfter(folder, since));
    });

    public ExpungedUids ExpungedSince(FolderId folder, long modseq) =>
        AtOneMoment(() => ExpungedAfter(folder, modseq));

    private Folder? Find(FolderId folder)
    {
        using var rows = _folderById.Query(folder.Value);
        return rows.Read() ? FolderOf(rows) : null;
    }

    private ExpungedUids ExpungedAfter(FolderId folder, long modseq) =>
        _expungedFrom.Scalar(folder.Value) is long from && modseq + 1 >= from
            ? new ExpungedUids(Uids(_expunged.Query(folder.Value, modseq)), IsForgotten: false)
            : new ExpungedUids(UidSet.Empty, IsForgotten: true);

    public QuotaUsage? Quota(AccountId account)
    {
        using var rows = _quota.Query(account.Value);
        return rows.Read()
            ? new QuotaUsage(
                rows.GetInt64(0),
                rows.IsDBNull(1) ? null : rows.GetInt64(1),
                rows.GetInt64(2),
                rows.IsDBNull(3) ? null : rows.GetInt64(3))
            : null;
    }

    public byte[]? Structure(BodyId body) => (byte[]?)_structure.Scalar(body.ToByteArray());

    /// <summary>Many small ranges in one statement, and each large one page by page, so that nothing is sorted in vain.</summary>
    public ImmutableArray<FetchedMessage> Fetch(FolderId folder, UidSet uids, FetchColumns columns, Uid after, int limit)
    {
        var found = ImmutableArray.CreateBuilder<FetchedMessage>();
        for (var at = FirstBehind(uids.Ranges, after); at < uids.Ranges.Length && found.Count < limit;)
        {
            // What is before the first of these is done with, but for the beginning of its own range.
            var left = uids.Ranges.AsSpan(at, Math.Min(MostRanges, uids.Ranges.Length - at)).ToArray();
            left[0] = left[0].First > after ? left[0] : left[0] with { First = new Uid(after.Value + 1) };
            var end = 0;
            var room = (long)limit - found.Count;
            while (end < left.Length && left[end].Count <= room)
            {
                room -= left[end++].Count;
            }

            var isLarge = end == 0;
            using var rows = isLarge
                ? _fetchRange[(int)columns].Query(
                    folder.Value, (long)left[0].First.Value, (long)left[0].Last.Value, limit - found.Count)
                : _fetchSet[(int)columns].Query(UidSet.Of(left[..end]).ToJson(), folder.Value);
            while (rows.Read())
            {
                found.Add(MessageOf(rows, columns));
            }

            at += isLarge ? 1 : end;
        }

        return found.DrainToImmutable();
    }

    private static int FirstBehind(ImmutableArray<UidRange> ranges, Uid after)
    {
        var (low, high) = (0, ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges[middle].Last > after ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private T AtOneMoment<T>(Func<T> read)
    {
        _begin.Execute();
        try
        {
            return read();
        }
        finally
        {
            _end.Execute();
        }
    }

    private static string Fetch(FetchColumns columns, string from) =>
        "SELECT m.uid, m.modseq, m.flags, m.keywords"
        + (columns.HasFlag(FetchColumns.Short)
            ? ", m.size, m.internal_date, coalesce(m.save_date, m.internal_date), m.body_id"
            + (columns.HasFlag(FetchColumns.Prefix) ? ", m.prefix" : ", NULL") : "")
        + (columns.HasFlag(FetchColumns.Structure)
            ? $", s.data FROM {from} LEFT JOIN structure s ON s.body_id = m.body_id" : $" FROM {from}")
        + " WHERE m.folder_id = @folder";

    public static Folder FolderOf(DbDataReader rows) => new(
        new FolderId(rows.GetInt64(0)),
        FolderName.OfStored(rows.GetString(1)),
        rows.IsDBNull(2) ? null : rows.GetString(2),
        new UidValidity((uint)rows.GetInt64(3)),
        new Uid((uint)rows.GetInt64(4)),
        rows.GetInt64(5),
        rows.GetInt64(6),
        rows.GetInt64(7),
        rows.GetInt64(8),
        rows.GetInt64(9),
        rows.GetInt64(10),
        Keywords.Split(rows.GetString(11)),
        (FolderRights)rows.GetInt32(12));

    /// <summary>Each column of each row costs a call into the database: of the flags of a large folder, most of all there is.</summary>
    private static FetchedMessage MessageOf(DbDataReader rows, FetchColumns columns)
    {
        var uid = new Uid((uint)rows.GetInt64(0));
        var modseq = rows.GetInt64(1);
        var flags = (MessageFlags)rows.GetInt32(2);
        var keywords = Keywords.Split(rows.GetString(3));
        return columns == FetchColumns.Flags
            ? new FetchedMessage(uid, modseq, flags, keywords)
            : new FetchedMessage(uid, modseq, flags, keywords)
            {
                Size = rows.GetInt64(4),
                InternalDate = DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(5)),
                SaveDate = DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(6)),
                Body = BodyId.FromBytes(rows.GetFieldValue<byte[]>(7)),
                Prefix = columns.HasFlag(FetchColumns.Prefix) ? rows.GetString(8) : null,
                Structure = columns.HasFlag(FetchColumns.Structure) && !rows.IsDBNull(9) ? rows.GetFieldValue<byte[]>(9) : null,
            };
    }

    private static UidSet Uids(DbDataReader query)
    {
        using var rows = query;
        return UidSet.Of(Read(rows));

        static IEnumerable<Uid> Read(DbDataReader rows)
        {
            while (rows.Read())
            {
                yield return new Uid((uint)rows.GetInt64(0));
            }
        }
    }
}
