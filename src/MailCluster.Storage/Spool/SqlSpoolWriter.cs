using System.Buffers;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Spool;

/// <summary>
/// Collects a body in a buffer that grows with it up to one chunk, and hands full chunks to the group writer. At most
/// one chunk per body is in memory. After a failure only disposing is allowed.
/// </summary>
internal sealed class SqlSpoolWriter(BodyId id, GroupWriter<SpoolChanges> writes, RecentCache<BodyId, byte[]> recent) : ISpoolWriter
{
    /// <summary>Enough for most notes between people: an idle connection must not cost a whole chunk.</summary>
    private const int FirstBuffer = 4 * 1024;

    private const int Growth = 4;

    private byte[] _buffer = [];
    private int _buffered;
    private int _chunks;
    private long _place;
    private bool _ended;

    public long Length { get; private set; }

    private BodyId Id => id;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellation)
    {
        ThrowIfEnded();
        if (_buffered + octets.Length > ChunkPlaces.ChunkLength)
        {
            return new ValueTask(WriteOverflowingAsync(octets, cancellation));
        }

        Append(octets.Span);
        return default;
    }

    public async Task CommitAsync(CancellationToken cancellation)
    {
        ThrowIfEnded();
        _ended = true;
        var last = _buffer.AsSpan(0, _buffered).ToArray();
        if (_chunks == 0)
        {
            await writes.WriteAsync((id, last), AddWhole, cancellation).ConfigureAwait(false);
            recent.Add(id, last, last.Length);
        }
        else
        {
            await writes.WriteAsync((Writer: this, last), AddLast, cancellation).ConfigureAwait(false);
        }

        _chunks = 0; // There is nothing left to drop.
        FreeBuffer();
    }

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        FreeBuffer();
        if (_chunks == 0)
        {
            return;
        }

        _chunks = 0;
        try
        {
            await writes.WriteAsync(id, static (changes, id) => changes.DeleteUnfinished(id), default)
                .ConfigureAwait(false);
        }
        catch (StorageException)
        {
            // The sender is gone or has its own answer. The chunks stay until the next sweep.
        }
    }

    private static bool AddWhole(SpoolChanges changes, (BodyId Id, byte[] Octets) body)
    {
        changes.AddWhole(body.Id, body.Octets);
        return true;
    }

    private static bool AddLast(SpoolChanges changes, (SqlSpoolWriter Writer, byte[] Octets) last)
    {
        var (writer, octets) = last;
        changes.AddChunk(writer.Id, writer._place + writer._chunks, octets);
        return changes.Complete(writer.Id, writer.Length)
            ? true
            : throw new StorageException($"Body {writer.Id} was swept away before it was complete.");
    }

    private void ThrowIfEnded()
    {
        if (_ended)
        {
            throw new InvalidOperationException($"Body {id} is committed, failed or dropped.");
        }
    }

    private async Task WriteOverflowingAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellation)
    {
        while (!octets.IsEmpty)
        {
            if (_buffered == ChunkPlaces.ChunkLength)
            {
                await SendChunkAsync(cancellation).ConfigureAwait(false);
            }

            var fitting = Math.Min(octets.Length, ChunkPlaces.ChunkLength - _buffered);
            Append(octets.Span[..fitting]);
            octets = octets[fitting..];
        }
    }

    private async Task SendChunkAsync(CancellationToken cancellation)
    {
        _ended = true; // Until it is known that it went well.
        if (_chunks == ChunkPlaces.PerBody - 1)
        {
            throw new StorageException($"Body {id} is longer than a body can be.");
        }

        _place = await writes.WriteAsync(this, SendChunk, cancellation).ConfigureAwait(false);
        _chunks++;
        _buffered = 0;
        _ended = false;
    }

    private static long SendChunk(SpoolChanges changes, SqlSpoolWriter writer)
    {
        if (writer._chunks == 0)
        {
            return changes.Begin(writer.Id, writer._buffer);
        }

        changes.AddChunk(writer.Id, writer._place + writer._chunks, writer._buffer);
        return writer._place;
    }

    private void Append(ReadOnlySpan<byte> octets)
    {
        var needed = _buffered + octets.Length;
        if (needed > _buffer.Length)
        {
            Grow(needed);
        }

        octets.CopyTo(_buffer.AsSpan(_buffered));
        _buffered = needed;
        Length += octets.Length;
    }

    private void Grow(int needed)
    {
        var size = Math.Max(FirstBuffer, _buffer.Length);
        while (size < needed)
        {
            size *= Growth;
        }

        // Powers of two: the pool gives arrays of exactly the length of a chunk, which are stored without a copy.
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _buffered).CopyTo(larger);
        FreeBuffer();
        _buffer = larger;
    }

    private void FreeBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
