using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Spool;

/// <summary>What is read of bodies. No listing touches the pages that hold their octets.</summary>
internal sealed class SpoolQueries : SqlSession
{
    private readonly Statement _open;
    private readonly Statement _openAll;
    private readonly Statement _chunk;
    private readonly Statement _held;
    private readonly Statement _notHeld;

    public SpoolQueries(SqlDatabase database)
        : base(database)
    {
        _open = Prepare(
            "SELECT b.size, b.place, c.octets FROM body b JOIN chunk c ON c.place = b.place"
            + " WHERE b.id = @id AND b.state <> @writing");
        _openAll = Prepare(
            $"SELECT b.id, b.size, b.place, c.octets FROM {database.Ids} CROSS JOIN body b JOIN chunk c ON c.place = b.place"
            + " WHERE b.id = i.id AND b.state <> @writing");
        _chunk = Prepare("SELECT octets FROM chunk WHERE place = @place");
        _held = Prepare("SELECT id FROM body WHERE id BETWEEN @first AND @last AND state = @held ORDER BY id");
        _notHeld = Prepare("SELECT id, state FROM body WHERE id > @after AND state <> @held ORDER BY id LIMIT @limit");
    }

    public OpenedBody? Open(BodyId id)
    {
        using var rows = _open.Query(id.ToByteArray(), (int)BodyState.Writing);
        return rows.Read()
            ? new OpenedBody(rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2))
            : null;
    }

    /// <summary>Those that there are.</summary>
    public Dictionary<BodyId, OpenedBody> OpenAll(IEnumerable<BodyId> ids)
    {
        var list = $"[{string.Join(',', ids.Select(id => $"\"{Convert.ToHexString(id.ToByteArray())}\""))}]";
        using var rows = _openAll.Query(list, (int)BodyState.Writing);
        var found = new Dictionary<BodyId, OpenedBody>();
        while (rows.Read())
        {
            found[BodyId.FromBytes(rows.GetFieldValue<byte[]>(0))] =
                new OpenedBody(rows.GetInt64(1), rows.GetInt64(2), rows.GetFieldValue<byte[]>(3));
        }

        return found;
    }

    /// <summary>Null where the body was deleted meanwhile.</summary>
    public byte[]? Chunk(long place) => (byte[]?)_chunk.Scalar(place);

    public List<BodyId> Held(BodyId first, BodyId last)
    {
        using var rows = _held.Query(first.ToByteArray(), last.ToByteArray(), (int)BodyState.Held);
        var ids = new List<BodyId>();
        while (rows.Read())
        {
            ids.Add(BodyId.FromBytes(rows.GetFieldValue<byte[]>(0)));
        }

        return ids;
    }

    /// <summary>The next bodies that the queue does not hold, in the order of their ids.</summary>
    public List<(BodyId Id, BodyState State)> NotHeld(BodyId after, int limit)
    {
        using var rows = _notHeld.Query(after.ToByteArray(), (int)BodyState.Held, limit);
        var found = new List<(BodyId, BodyState)>();
        while (rows.Read())
        {
            found.Add((BodyId.FromBytes(rows.GetFieldValue<byte[]>(0)), (BodyState)rows.GetInt32(1)));
        }

        return found;
    }
}

/// <summary>A body, the place of its first chunk, and that chunk.</summary>
internal sealed record OpenedBody(long Size, long Place, byte[] FirstChunk);
