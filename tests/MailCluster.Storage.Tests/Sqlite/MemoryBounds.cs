using MailCluster.Mail.Identity;
using MailCluster.Storage.Spool;

namespace MailCluster.Storage.Tests.Sqlite;

/// <summary>What measures the memory of the process runs alone.</summary>
[CollectionDefinition(nameof(MemoryBounds), DisableParallelization = true)]
public sealed class MemoryBoundsRunAlone;

[Collection(nameof(MemoryBounds))]
public sealed class MemoryBounds : IAsyncLifetime
{
    private const int Kibi = 1024;

    private readonly string _folder = SqliteTestStorage.NewFolder();
    private MailStorage? _storage;

    public async Task InitializeAsync() => _storage = await SqliteTestStorage.OpenAsync(_folder, TimeProvider.System);

    public async Task DisposeAsync()
    {
        await _storage!.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(500, 1 * Kibi, 6 * Kibi)]
    [InlineData(100, 1500 * Kibi, 80 * Kibi)]
    public async Task A_body_in_the_making_takes_little_memory_whatever_its_length(int writers, int length, int bound)
    {
        await SpoolAsync(2000 * Kibi);
        var octets = new byte[length];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var open = new List<ISpoolWriter>();
        for (var i = 0; i < writers; i++)
        {
            open.Add(_storage!.Spool.Create(NewBody()));
            await open[i].WriteAsync(octets, default);
        }

        var perWriter = (GC.GetTotalMemory(forceFullCollection: true) - before) / writers;
        Assert.InRange(perWriter, long.MinValue, bound);
        foreach (var writer in open)
        {
            await writer.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_log_stays_short_while_large_bodies_stream_in_and_are_read()
    {
        const long LongestLog = 96L * Kibi * Kibi;
        var longest = 0L;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var id = await SpoolAsync(25_000 * Kibi);
            await using var reader = await _storage!.Spool.OpenAsync(id, default);
            while (!(await reader!.ReadAsync(default)).IsEmpty)
            {
                InterlockedMax(ref longest, new FileInfo(Path.Combine(_folder, "spool.db-wal")).Length);
            }
        })));
        Assert.InRange(longest, 1, LongestLog);
    }

    private static BodyId NewBody() => QueueId.New(0, DateTimeOffset.UnixEpoch).Body;

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private async Task<BodyId> SpoolAsync(int length)
    {
        var id = NewBody();
        var piece = new byte[10 * Kibi];
        await using var writer = _storage!.Spool.Create(id);
        for (var written = 0; written < length; written += piece.Length)
        {
            await writer.WriteAsync(piece, default);
        }

        await writer.CommitAsync(default);
        return id;
    }
}
