using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Spool;

/// <summary>Reads a body with one short query per chunk, so that a slow client holds no snapshot of the database.</summary>
internal sealed class SqlSpoolReader(BodyId id, OpenedBody body, Reads<SpoolQueries> reads) : ISpoolReader
{
    private long _position;
    private int _nextChunk;

    public long Length => body.Size;

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_position >= body.Size)
        {
            return default;
        }

        var chunk = _nextChunk == 0
            ? body.FirstChunk
            : await ReadChunkAsync(body.Place + _nextChunk, cancellation).ConfigureAwait(false);
        _nextChunk++;
        _position += chunk.Length;
        return chunk;
    }

    public ValueTask DisposeAsync() => default;

    private async Task<byte[]> ReadChunkAsync(long place, CancellationToken cancellation) =>
        await reads.ReadAsync(place, static (queries, at) => queries.Chunk(at), cancellation).ConfigureAwait(false)
        ?? throw new StorageException($"Body {id} was deleted while it was read.");
}
