using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Search;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>Messages by the set: each statement changes as many as there are, so that 100,000 cost a second at most.</summary>
internal sealed class MessageChanges
{
    /// <summary>Messages expunged in one transaction: other accounts' mail must not wait for a large clean-up.</summary>
    public const int LargestStep = 1000;

    private readonly Statement _uids;
    private readonly Statement _counts;
    private readonly Statement _changedSince;
    private readonly Statement _keywords;
    private readonly Statement _setFlags;
    private readonly Statement _setFlagsRange;
    private readonly Statement _setKeywords;
    private readonly Statement _changed;
    private readonly Statement _kept;
    private readonly Statement _some;
    private readonly Statement _copy;
    private readonly Statement _deleted;
    private readonly Statement _bodies;
    private readonly Statement _noteExpunged;
    private readonly Statement _remove;
    private readonly Statement _removeStructure;
    private readonly TextChanges _texts;

    public MessageChanges(SqlSession session, TextChanges texts)
    {
        _texts = texts;
        // CROSS: SQLite shall look up the ranges in the key, and not walk through the folder for each. A plus before the
        // MODSEQ: nor shall it walk through the index of those.
        var from = $" FROM {session.Database.Ranges} CROSS JOIN message m"
            + " WHERE m.folder_id = @folder AND m.uid BETWEEN r.first AND r.last";
        var marked = $" FROM {session.Database.Ranges} CROSS JOIN {session.Database.MarkedMessages}"
            + " WHERE m.folder_id = @folder AND m.uid BETWEEN r.first AND r.last AND m.flags & 12 <> 0";
        var these = $" WHERE folder_id = @folder AND uid IN (SELECT m.uid{from})";
        _uids = session.Prepare("SELECT m.uid" + from);
        _counts = session.Prepare(
            "SELECT count(*), sum(CASE WHEN m.flags & 1 = 0 THEN 1 ELSE 0 END), sum(CASE WHEN m.flags & 8 <> 0 THEN 1 ELSE 0"
            + " END), CAST(sum(m.size) AS bigint), CAST(sum(CASE WHEN m.flags & 8 <> 0 THEN m.size ELSE 0 END) AS bigint)"
            + from);
        _changedSince = session.Prepare($"SELECT m.uid{from} AND +m.modseq > @since");
        _keywords = session.Prepare("SELECT DISTINCT m.keywords" + from);
        const string SetFlags = "UPDATE message SET modseq = @modseq, flags = (flags & @keep) | @add";
        const string ThatChange = " AND +modseq <= @since AND flags <> ((flags & @keep) | @add)";
        _setFlags = session.Prepare(SetFlags + these + ThatChange);
        _setFlagsRange = session.Prepare(
            SetFlags + " WHERE folder_id = @folder AND uid BETWEEN @first AND @last" + ThatChange);
        _setKeywords = session.Prepare(
            "UPDATE message SET modseq = @modseq, flags = (flags & @keep) | @add, keywords = @new" + these
            + " AND keywords = @old AND +modseq <= @since AND (flags <> ((flags & @keep) | @add) OR keywords <> @new)");
        _changed = session.Prepare($"SELECT m.uid, m.flags, m.keywords{from} AND m.modseq = @modseq");
        _copy = session.Prepare(
            "INSERT INTO message (folder_id, uid, modseq, size, internal_date, save_date, flags, keywords, body_id, prefix,"
            + " thread_id) SELECT @to, @base + row_number() OVER (ORDER BY m.uid), @modseq, m.size, m.internal_date, @saved,"
            + " m.flags & @flags, CASE WHEN @flags & 2 <> 0 THEN m.keywords ELSE '' END, m.body_id, m.prefix, m.thread_id"
            + from);
        _kept = session.Prepare("SELECT m.uid" + from + session.Database.KeepsMessages);
        _some = session.Prepare($"SELECT m.uid, m.body_id{from} LIMIT @limit");
        _deleted = session.Prepare($"SELECT m.uid, m.body_id{marked} AND m.flags & 8 <> 0 LIMIT @limit");
        _bodies = session.Prepare($"SELECT m.body_id{from}");
        _noteExpunged = session.Prepare(
            "INSERT INTO expunged (folder_id, modseq, uid) SELECT m.folder_id, @modseq, m.uid" + from);
        _remove = session.Prepare("DELETE FROM message" + these);
        _removeStructure = session.Prepare(
            "DELETE FROM structure WHERE body_id = @body AND NOT EXISTS (SELECT 1 FROM message WHERE body_id = @body)");
    }

    public UidSet Existing(FolderState folder, UidSet uids) => Read(_uids.Query(uids.ToJson(), folder.Id));

    public FolderCounts Counts(FolderState folder, UidSet uids)
    {
        using var rows = _counts.Query(uids.ToJson(), folder.Id);
        return rows.Read() && rows.GetInt64(0) > 0
            ? new(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4))
            : default;
    }

    public UidSet ChangedSince(FolderState folder, UidSet uids, long modseq) =>
        modseq == long.MaxValue ? UidSet.Empty : Read(_changedSince.Query(uids.ToJson(), folder.Id, modseq));

    /// <summary>The different sets of keywords that the messages have.</summary>
    public List<string> KeywordSets(FolderState folder, UidSet uids)
    {
        using var rows = _keywords.Query(uids.ToJson(), folder.Id);
        var sets = new List<string>();
        while (rows.Read())
        {
            sets.Add(rows.GetString(0));
        }

        return sets;
    }

    /// <summary>
    /// Changes flags alone: keeps those of one mask, adds those of the other. A single range, which most are, is walked
    /// through; of others a list is made first.
    /// </summary>
    public void SetFlags(FolderState folder, UidSet uids, MessageFlags keep, MessageFlags add, long modseq, long since)
    {
        if (uids.Ranges is [var range])
        {
            _setFlagsRange.Execute(
                modseq, (int)keep, (int)add, folder.Id, (long)range.First.Value, (long)range.Last.Value, since);
        }
        else
        {
            _setFlags.Execute(modseq, (int)keep, (int)add, folder.Id, uids.ToJson(), since);
        }
    }

    /// <summary>The same for messages with the keywords <paramref name="old"/>, which get <paramref name="renewed"/>.</summary>
    public void SetKeywords(
        FolderState folder, UidSet uids, MessageFlags keep, MessageFlags add, string old, string renewed, long modseq, long since) =>
        _setKeywords.Execute(modseq, (int)keep, (int)add, renewed, folder.Id, uids.ToJson(), old, since);

    /// <summary>Those that the operation with this MODSEQ has changed.</summary>
    public ImmutableArray<FlaggedUids> Changed(FolderState folder, UidSet uids, long modseq)
    {
        var changed = new Dictionary<(int Flags, string Keywords), List<Uid>>();
        using var rows = _changed.Query(uids.ToJson(), folder.Id, modseq);
        while (rows.Read())
        {
            var key = (rows.GetInt32(1), rows.GetString(2));
            if (!changed.TryGetValue(key, out var same))
            {
                changed.Add(key, same = []);
            }

            same.Add(new Uid((uint)rows.GetInt64(0)));
        }

        return [.. changed.Select(group => new FlaggedUids(
            (MessageFlags)group.Key.Flags, Keywords.Split(group.Key.Keywords), UidSet.Of(group.Value)))];
    }

    /// <summary>Those that there are, which no other node can remove before the commit.</summary>
    public UidSet Kept(FolderState folder, UidSet uids) => Read(_kept.Query(uids.ToJson(), folder.Id));

    /// <summary>
    /// Copies messages that exist, in the order of their UIDs, with those of their flags, and with keywords where the flags
    /// hold \Answered; returns the new ones.
    /// </summary>
    public UidSet Copy(FolderState from, UidSet uids, FolderState to, MessageFlags flags, long modseq, DateTimeOffset now)
    {
        var first = to.UidNext;
        var copied = _copy.Execute(
            to.Id, first - 1, modseq, now.ToUnixTimeMilliseconds(), (int)flags, uids.ToJson(), from.Id);
        to.UidNext += copied;
        return copied == 0 ? UidSet.Empty : UidSet.Of(new UidRange(new Uid((uint)first), new Uid((uint)(to.UidNext - 1))));
    }

    /// <summary>Some of the messages that are \Deleted, with their bodies.</summary>
    public List<(Uid Uid, BodyId Body)> SomeDeleted(FolderState folder, UidSet uids) =>
        Bodies(_deleted.Query(uids.ToJson(), folder.Id, LargestStep));

    /// <summary>The same whatever their flags.</summary>
    public List<(Uid Uid, BodyId Body)> Some(FolderState folder, UidSet uids) =>
        Bodies(_some.Query(uids.ToJson(), folder.Id, LargestStep));

    private static List<(Uid Uid, BodyId Body)> Bodies(System.Data.Common.DbDataReader query)
    {
        using var rows = query;
        var found = new List<(Uid, BodyId)>();
        while (rows.Read())
        {
            found.Add((new Uid((uint)rows.GetInt64(0)), BodyId.FromBytes(rows.GetFieldValue<byte[]>(1))));
        }

        return found;
    }

    /// <summary>Of a few messages; the same one twice where two have it.</summary>
    public List<BodyId> Bodies(FolderState folder, UidSet uids)
    {
        using var rows = _bodies.Query(uids.ToJson(), folder.Id);
        var bodies = new List<BodyId>();
        while (rows.Read())
        {
            bodies.Add(BodyId.FromBytes(rows.GetFieldValue<byte[]>(0)));
        }

        return bodies;
    }

    /// <summary>Removes messages for good; their bodies are the caller's care.</summary>
    public void Remove(FolderState folder, UidSet uids, long modseq)
    {
        folder.Charge(-Counts(folder, uids));
        folder.HasExpunged = true;
        _noteExpunged.Execute(modseq, uids.ToJson(), folder.Id);
        _remove.Execute(folder.Id, uids.ToJson());
    }

    /// <summary>Behind <see cref="Remove"/>: what was computed of a body goes with its last message.</summary>
    public void RemoveComputed(BodyId body)
    {
        _removeStructure.Defer(body.ToByteArray());
        _texts.Remove(body);
    }

    private static UidSet Read(System.Data.Common.DbDataReader query)
    {
        using var rows = query;
        var uids = new List<Uid>();
        while (rows.Read())
        {
            uids.Add(new Uid((uint)rows.GetInt64(0)));
        }

        return UidSet.Of(uids);
    }
}
