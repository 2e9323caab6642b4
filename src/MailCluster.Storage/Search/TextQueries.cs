using System.Data.Common;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Search;

/// <summary>What is read of texts. Readers of their own: a long search holds up nobody's FETCH.</summary>
internal sealed class TextQueries : SqlSession
{
    /// <summary>So many candidates of all accounts are always cheaper than reading a folder.</summary>
    private const long FewCandidates = 1000;

    private const string InRange = " FROM message m WHERE m.folder_id = @folder AND m.uid BETWEEN @first AND @last";

    private readonly TextDialect _dialect;
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _hasIndex;
    private readonly Statement _probe;
    private readonly Statement _messages;
    private readonly Statement _notIndexed;
    private readonly Statement _prefixes;
    private readonly Statement _prefixesWith;
    private readonly Statement _bodies;
    private readonly Statement _lonely;
    private readonly Statement[] _byIndex;
    private readonly Statement[] _inAll;

    public TextQueries(SqlDatabase database)
        : base(database)
    {
        _dialect = database.Text;
        _begin = Prepare(database.BeginReading);
        _end = Prepare("ROLLBACK");
        _hasIndex = Prepare(_dialect.HasIndex);
        _probe = Prepare(_dialect.Probe);
        _messages = Prepare("SELECT messages FROM folder WHERE id = @folder");
        _notIndexed = Prepare(
            "SELECT m.uid" + InRange + " AND NOT EXISTS (SELECT 1 FROM body_text t WHERE t.body_id = m.body_id)");
        _prefixes = Prepare($"SELECT m.uid, m.prefix{InRange} AND m.prefix <> ''");
        _prefixesWith = Prepare($"SELECT m.uid, m.prefix{InRange} AND {_dialect.Position}(lower(m.prefix), @name) > 0");
        _bodies = Prepare(
            "SELECT b.body_id, t.body_id FROM"
            + " (SELECT DISTINCT body_id FROM message WHERE body_id > @after ORDER BY body_id LIMIT @limit) b"
            + " LEFT JOIN body_text t ON t.body_id = b.body_id ORDER BY b.body_id");
        _lonely = Prepare(
            "SELECT t.body_id FROM body_text t WHERE t.body_id > @after AND t.body_id <= @last"
            + " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.body_id = t.body_id)");
        TextPlace[] places = [.. Enum.GetValues<TextPlace>().Order()];
        _byIndex = [.. places.Select(place => Prepare(_dialect.FindByIndex(place)))];
        _inAll = [.. places.Select(place => Prepare(_dialect.FindInAll(place)))];
    }

    public TextIndexKind Kind() => _hasIndex.Scalar() is null ? TextIndexKind.None : TextIndexKind.Trigrams;

    /// <summary>All of one moment.</summary>
    public TextMatches Find(FolderId folder, UidSet uids, TextCriterion criterion)
    {
        if (uids.IsEmpty)
        {
            return new TextMatches(UidSet.Empty, UidSet.Empty);
        }

        var range = new FolderRange(folder.Value, uids.Ranges[0].First.Value, uids.Ranges[^1].Last.Value);
        _begin.Execute();
        try
        {
            var matching = Read(Matching(range, criterion));
            AddPrefixes(range, criterion, matching);
            var notIndexed = Read(_notIndexed.Query(range.Folder, range.First, range.Last));
            notIndexed.ExceptWith(matching);
            return new TextMatches(uids.Having(matching), uids.Having(notIndexed));
        }
        finally
        {
            _end.Execute();
        }
    }

    /// <summary>Bodies of messages that have no text, and where the look ended: null behind the last.</summary>
    public UnindexedBodies NotIndexed(BodyId after, int limit)
    {
        using var rows = _bodies.Query(after.ToByteArray(), limit);
        var found = new List<BodyId>();
        var last = after;
        var seen = 0;
        for (; rows.Read(); seen++)
        {
            last = BodyId.FromBytes(rows.GetFieldValue<byte[]>(0));
            if (rows.IsDBNull(1))
            {
                found.Add(last);
            }
        }

        return new UnindexedBodies([.. found], seen < limit ? null : last);
    }

    /// <summary>Bodies that have a text but no message.</summary>
    public List<BodyId> Lonely(BodyId after, BodyId last)
    {
        using var rows = _lonely.Query(after.ToByteArray(), last.ToByteArray());
        var found = new List<BodyId>();
        while (rows.Read())
        {
            found.Add(BodyId.FromBytes(rows.GetFieldValue<byte[]>(0)));
        }

        return found;
    }

    private DbDataReader Matching(FolderRange range, TextCriterion criterion)
    {
        var place = (int)criterion.Place;
        var isField = criterion.Place == TextPlace.Field;
        return (UsefulPattern(range, criterion), isField) switch
        {
            (null, true) => _inAll[place].Query(
                range.Folder, range.First, range.Last, criterion.FieldStart, criterion.Needle),
            (null, false) => _inAll[place].Query(range.Folder, range.First, range.Last, criterion.Needle),
            ({ } pattern, true) => _byIndex[place].Query(
                range.Folder, range.First, range.Last, pattern, criterion.FieldStart, criterion.Needle),
            ({ } pattern, false) => _byIndex[place].Query(
                range.Folder, range.First, range.Last, pattern, criterion.Needle),
        };
    }

    /// <summary>The index knows nothing of folders: a needle that half of all mail has is better sought in the folder.</summary>
    private string? UsefulPattern(FolderRange range, TextCriterion criterion)
    {
        if (_dialect.PatternOf(criterion.Needle) is not { } pattern)
        {
            return null;
        }

        var limit = Math.Max(FewCandidates, (long)(_messages.Scalar(range.Folder) ?? 0L));
        return _probe.Scalar(pattern, limit) is long candidates && candidates < limit ? pattern : null;
    }

    private void AddPrefixes(FolderRange range, TextCriterion criterion, HashSet<uint> matching)
    {
        if (criterion.Place == TextPlace.Body)
        {
            return;
        }

        var isField = criterion.Place == TextPlace.Field;
        using var rows = isField
            ? _prefixesWith.Query(range.Folder, range.First, range.Last, criterion.Field)
            : _prefixes.Query(range.Folder, range.First, range.Last);
        while (rows.Read())
        {
            var uid = (uint)rows.GetInt64(0);
            if (!matching.Contains(uid) && PrefixText.Matches(rows.GetString(1), criterion))
            {
                matching.Add(uid);
            }
        }
    }

    private static HashSet<uint> Read(DbDataReader query)
    {
        using var rows = query;
        var uids = new HashSet<uint>();
        while (rows.Read())
        {
            uids.Add((uint)rows.GetInt64(0));
        }

        return uids;
    }

    private readonly record struct FolderRange(long Folder, long First, long Last);
}
