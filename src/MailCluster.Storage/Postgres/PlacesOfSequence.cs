using MailCluster.Storage.Spool;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Postgres;

/// <summary>
/// Places out of a sequence, which gives each node a block of many bodies at once: nodes write side by side and never
/// into each other's range. What a node that ends leaves of its block is not used; there are enough for 10^14 bodies.
/// </summary>
internal sealed class PlacesOfSequence : ChunkPlaces
{
    /// <summary>In one block.</summary>
    public const int Bodies = 1024;

    private Statement? _drawnBy;
    private long _next;
    private long _end;

    public override string Query => "SELECT nextval('chunk_place')";

    public override void OnBegin(Statement query)
    {
        // A block is asked for only where it is needed: a sequence does not go back with its transaction.
    }

    public override long NextBody(Statement query)
    {
        // A crash of the server may take back a block that no committed transaction has drawn: another node then gets
        // it too. So no block outlives its connection.
        if (_next == _end || query != _drawnBy)
        {
            _drawnBy = query;
            _end = _next; // None where the next line fails.
            _next = (long)query.Scalar()!;
            _end = _next + ((long)Bodies * PerBody);
        }

        var place = _next;
        _next += PerBody;
        return place;
    }
}
