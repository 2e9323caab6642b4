using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Spool;

/// <summary>What the spool's group writer does to bodies.</summary>
internal sealed class SpoolChanges : SqlSession
{
    private readonly ChunkPlaces _places;
    private readonly Statement _findPlaces;
    private readonly Statement _insertBody;
    private readonly Statement _insertChunk;
    private readonly Statement _appendChunk;
    private readonly Statement _complete;
    private readonly Statement _release;
    private readonly Statement _deleteInState;
    private readonly Statement _deleteComplete;
    private readonly Statement _deleteChunks;

    public SpoolChanges(SqlDatabase database, ChunkPlaces places)
        : base(database)
    {
        _places = places;
        _findPlaces = Prepare(places.Query);
        _insertBody = Prepare("INSERT INTO body (id, state, size, place) VALUES (@id, @state, @size, @place)");
        _insertChunk = Prepare("INSERT INTO chunk (place, octets) VALUES (@place, @octets)");
        _appendChunk = Prepare(
            "INSERT INTO chunk (place, octets) SELECT @place, @octets FROM body WHERE id = @id" + database.ForUpdate);
        _complete = Prepare("UPDATE body SET state = @held, size = @size WHERE id = @id AND state = @writing");
        _release = Prepare("UPDATE body SET state = @released WHERE id = @id AND state = @held");
        _deleteInState = Prepare("DELETE FROM body WHERE id = @id AND state = @state RETURNING place");
        _deleteComplete = Prepare("DELETE FROM body WHERE id = @id AND state <> @writing RETURNING place");
        _deleteChunks = Prepare("DELETE FROM chunk WHERE place BETWEEN @first AND @last");
    }

    public override void OnBegin() => _places.OnBegin(_findPlaces);

    /// <summary>A whole body of one chunk.</summary>
    public void AddWhole(BodyId id, byte[] octets) => Add(id, octets, BodyState.Held);

    /// <summary>The first chunk of a body that is longer; returns its place.</summary>
    public long Begin(BodyId id, byte[] octets) => Add(id, octets, BodyState.Writing);

    /// <summary>
    /// A further chunk. Where a sweep has taken the body it is not stored, for nobody would ever find and delete it.
    /// </summary>
    public void AddChunk(BodyId id, long place, byte[] octets) => _appendChunk.Defer(place, octets, id.ToByteArray());

    /// <summary>False where a sweep has taken the body for one that is forgotten.</summary>
    public bool Complete(BodyId id, long size) =>
        _complete.Execute((int)BodyState.Held, size, id.ToByteArray(), (int)BodyState.Writing) == 1;

    public void Release(BodyId id) =>
        _release.Defer((int)BodyState.Released, id.ToByteArray(), (int)BodyState.Held);

    /// <summary>Deletes a body that was never completed.</summary>
    public bool DeleteUnfinished(BodyId id) =>
        DeleteChunks(_deleteInState.Scalar(id.ToByteArray(), (int)BodyState.Writing));

    /// <summary>Deletes a body unless the queue holds it.</summary>
    public bool DeleteReleased(BodyId id) =>
        DeleteChunks(_deleteInState.Scalar(id.ToByteArray(), (int)BodyState.Released));

    /// <summary>Deletes a body whether the queue holds it or not.</summary>
    public bool DeleteComplete(BodyId id) =>
        DeleteChunks(_deleteComplete.Scalar(id.ToByteArray(), (int)BodyState.Writing));

    private long Add(BodyId id, byte[] octets, BodyState state)
    {
        var place = _places.NextBody(_findPlaces);
        _insertBody.Defer(id.ToByteArray(), (int)state, (long)octets.Length, place);
        _insertChunk.Defer(place, octets);
        return place;
    }

    private bool DeleteChunks(object? place)
    {
        if (place is not long first)
        {
            return false;
        }

        _deleteChunks.Defer(first, first + ChunkPlaces.PerBody - 1);
        return true;
    }
}
