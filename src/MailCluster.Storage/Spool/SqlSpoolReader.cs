using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Spool;

/// <summary>Reads a body with one short query per chunk, so that a slow client holds no snapshot of the database.</summary>
internal sealed class SqlSpoolReader(BodyId id, OpenedBody body, ReadPool<SpoolQueries> reads) : ISpoolReader
{
    private long _position;
    private int _nextChunk;

    public long Length => body.Size;

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadOnlyMemory<byte>>(cancellation);
        }

        try
        {
            return new ValueTask<ReadOnlyMemory<byte>>(ReadNext());
        }
        catch (StorageException failure)
        {
            return ValueTask.FromException<ReadOnlyMemory<byte>>(failure);
        }
    }

    public ValueTask DisposeAsync() => default;

    private ReadOnlyMemory<byte> ReadNext()
    {
        if (_position >= body.Size)
        {
            return default;
        }

        var chunk = _nextChunk == 0 ? body.FirstChunk : ReadChunk(body.Place + _nextChunk);
        _nextChunk++;
        _position += chunk.Length;
        return chunk;
    }

    private byte[] ReadChunk(long place) =>
        reads.Read(place, static (queries, at) => queries.Chunk(at))
        ?? throw new StorageException($"Body {id} was deleted while it was read.");
}
