using MailCluster.Storage.Spool;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Sqlite;

/// <summary>Places behind the last chunk of the file: it has one writer at a time, so nobody else takes them.</summary>
internal sealed class PlacesBehindLast : ChunkPlaces
{
    private long _last;

    public override string Query => "SELECT max(place) FROM chunk";

    // Another process may have added bodies since the last transaction.
    public override void OnBegin(Statement query) => _last = Math.Max(_last, (long)(query.Scalar() ?? 0L));

    public override long NextBody(Statement query)
    {
        var body = (_last / PerBody) + 1;
        return _last = body * PerBody;
    }
}
