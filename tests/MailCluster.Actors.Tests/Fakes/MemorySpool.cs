using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using MailCluster.Mail.Identity;
using MailCluster.Storage;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A spool in memory; can be told to fail.</summary>
internal sealed class MemorySpool : ISpool
{
    public ConcurrentDictionary<BodyId, byte[]> Bodies { get; } = new();

    public ConcurrentBag<BodyId> Released { get; } = [];

    public StorageException? FailNextCommit { get; set; }

    public void Put(BodyId id, string content) => Bodies[id] = Encoding.UTF8.GetBytes(content);

    public ISpoolWriter Create(BodyId id) => new Writer(this, id);

    public Task<ISpoolReader?> OpenAsync(BodyId id, CancellationToken cancellation) =>
        Task.FromResult<ISpoolReader?>(Bodies.TryGetValue(id, out var octets) ? new Reader(octets) : null);

    public Task ReleaseAsync(IReadOnlyCollection<BodyId> ids, CancellationToken cancellation)
    {
        foreach (var id in ids)
        {
            Released.Add(id);
            Bodies.TryRemove(id, out _);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<BodyId>> ListHeldAsync(int partition, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<BodyId>>([.. Bodies.Keys.Where(id => id.Partition == partition)]);

    public Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancellation) => Task.FromResult(0);

    private sealed class Writer(MemorySpool spool, BodyId id) : ISpoolWriter
    {
        private readonly ArrayBufferWriter<byte> _octets = new();

        public long Length => _octets.WrittenCount;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellation)
        {
            _octets.Write(octets.Span);
            return ValueTask.CompletedTask;
        }

        public Task CommitAsync(CancellationToken cancellation)
        {
            if (spool.FailNextCommit is { } failure)
            {
                spool.FailNextCommit = null;
                return Task.FromException(failure);
            }

            spool.Bodies[id] = _octets.WrittenSpan.ToArray();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reader(byte[] octets) : ISpoolReader
    {
        private bool _read;

        public long Length => octets.Length;

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
        {
            var chunk = _read ? default : octets.AsMemory();
            _read = true;
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(chunk);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
