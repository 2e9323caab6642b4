using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A spool in memory; can be told to fail.</summary>
internal sealed class MemorySpool : ISpool
{
    public ConcurrentDictionary<BodyId, byte[]> Bodies { get; } = new();

    public ConcurrentBag<BodyId> Released { get; } = [];

    /// <summary>Each body whose commit was asked for.</summary>
    public Channel<BodyId> Commits { get; } = Channel.CreateUnbounded<BodyId>();

    public Exception? FailNextCommit { get; set; }

    /// <summary>Readers give half of the body, then this.</summary>
    public Exception? FailReads { get; set; }

    /// <summary>Readers wait for it before their first octet.</summary>
    public TaskCompletionSource? HoldReads { get; set; }

    /// <summary>Writers wait for it in their commit.</summary>
    public TaskCompletionSource? HoldCommits { get; set; }

    /// <summary>Releases wait for it.</summary>
    public TaskCompletionSource? HoldReleases { get; set; }

    public void Put(BodyId id, string content) => Bodies[id] = Encoding.UTF8.GetBytes(content);

    public ISpoolWriter Create(BodyId id) => new Writer(this, id);

    public Task<ISpoolReader?> OpenAsync(BodyId id, CancellationToken cancellation) =>
        Task.FromResult<ISpoolReader?>(Bodies.TryGetValue(id, out var octets) ? new Reader(this, octets) : null);

    public async Task<IReadOnlyList<ISpoolReader?>> OpenAllAsync(
        IReadOnlyList<BodyId> ids, CancellationToken cancellation) =>
        await Task.WhenAll(ids.Select(id => OpenAsync(id, cancellation)));

    public async Task ReleaseAsync(IReadOnlyCollection<BodyId> ids, CancellationToken cancellation)
    {
        await (HoldReleases?.Task ?? Task.CompletedTask);
        foreach (var id in ids)
        {
            Released.Add(id);
            Bodies.TryRemove(id, out _);
        }
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

        public async Task CommitAsync(CancellationToken cancellation)
        {
            spool.Commits.Writer.TryWrite(id);
            await (spool.HoldCommits?.Task ?? Task.CompletedTask);
            if (spool.FailNextCommit is { } failure)
            {
                spool.FailNextCommit = null;
                throw failure;
            }

            spool.Bodies[id] = _octets.WrittenSpan.ToArray();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reader(MemorySpool spool, byte[] octets) : ISpoolReader
    {
        private int _read;

        public long Length => octets.Length;

        public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
        {
            await (spool.HoldReads?.Task ?? Task.CompletedTask).WaitAsync(cancellation);
            var begin = _read;
            if (spool.FailReads is { } failure)
            {
                _read = begin == 0 ? octets.Length / 2 : throw failure;
            }
            else
            {
                _read = octets.Length;
            }

            return octets.AsMemory(begin.._read);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
