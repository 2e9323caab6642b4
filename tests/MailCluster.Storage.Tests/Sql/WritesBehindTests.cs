using System.Threading.Channels;
using MailCluster.Storage.Sql;
using MailCluster.Storage.Sqlite;
using MailCluster.Storage.Tests.Sqlite;

namespace MailCluster.Storage.Tests.Sql;

public sealed class WritesBehindTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Work = 3 * WritesBehind<SqlSession>.Quiet;

    private readonly string _folder = SqliteTestStorage.NewFolder();
    private readonly DelayClock _clock = new();
    private GroupWriter<Session> _writer = null!;
    private WritesBehind<Session> _behind = null!;

    public Task InitializeAsync()
    {
        System.IO.Directory.CreateDirectory(_folder);
        _writer = Open(new SqliteDatabase(Path.Combine(_folder, "behind.db"), pageSize: 4096));
        _behind = new(_writer, share: 0.2, _clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task With_no_share_it_waits_until_nobody_comes()
    {
        _behind = new(_writer, share: 0, _clock);
        await WorkAsync();
        var second = WorkAsync();
        for (var waits = 0; waits < 100; waits++)
        {
            var end = await _clock.NextDelayAsync(unless: second);
            Assert.NotNull(end);
            await _writer.WriteAsync(0, static (_, _) => 0, default);
            end();
        }

        (await _clock.NextDelayAsync(unless: second))!();
        await second.WaitAsync(Patience);
    }

    [Fact]
    public async Task Others_that_keep_coming_have_the_writer_four_times_as_long_as_the_work_took()
    {
        await WorkAsync();
        var second = WorkAsync();
        var waits = 0;
        while (await _clock.NextDelayAsync(unless: second) is { } end)
        {
            waits++;
            await _writer.WriteAsync(0, static (_, _) => 0, default);
            end();
        }

        await second;
        Assert.Equal(Work * 4 / WritesBehind<SqlSession>.Quiet, waits);
    }

    [Fact]
    public async Task Where_nobody_comes_for_a_moment_the_next_goes_on()
    {
        await WorkAsync();
        var second = WorkAsync();
        var end = await _clock.NextDelayAsync(unless: second);
        Assert.NotNull(end);
        end();
        Assert.Null(await _clock.NextDelayAsync(unless: second));
        await second;
    }

    [Fact]
    public async Task One_that_waits_for_its_turn_can_be_cancelled()
    {
        using var gone = new CancellationTokenSource();
        await WorkAsync();
        var second = WorkAsync(gone.Token);
        Assert.NotNull(await _clock.NextDelayAsync(unless: second));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Patience));
    }

    private static GroupWriter<Session> Open(SqliteDatabase database) =>
        new("behind writer", database, static database => new Session(database));

    private Task<int> WorkAsync(CancellationToken cancellation = default) => _behind.WriteAsync(
        _clock,
        static (_, clock) =>
        {
            clock.Advance(Work);
            return 0;
        },
        cancellation);

    private sealed class Session(SqlDatabase database) : SqlSession(database);

    /// <summary>Moves by what work takes, and by each delay that the test ends.</summary>
    private sealed class DelayClock : TimeProvider
    {
        private readonly Channel<Action> _delays = Channel.CreateUnbounded<Action>();
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _now);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.True(_delays.Writer.TryWrite(() =>
            {
                Advance(dueTime);
                callback(state);
            }));
            return new Delay();
        }

        /// <summary>What ends the delay that somebody waits for, null where the task is done without one.</summary>
        public async Task<Action?> NextDelayAsync(Task unless)
        {
            var delay = _delays.Reader.WaitToReadAsync().AsTask();
            var first = await Task.WhenAny(delay, unless).WaitAsync(Patience);
            return first == delay && _delays.Reader.TryRead(out var end) ? end : null;
        }

        private sealed class Delay : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
