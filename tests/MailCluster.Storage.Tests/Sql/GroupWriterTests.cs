using System.Data.Common;
using MailCluster.Storage.Sql;
using MailCluster.Storage.Sqlite;
using MailCluster.Storage.Tests.Sqlite;

namespace MailCluster.Storage.Tests.Sql;

public sealed class GroupWriterTests : IAsyncLifetime
{
    private readonly string _folder = SqliteTestStorage.NewFolder();
    private GroupWriter<Numbers> _writer = null!;

    public Task InitializeAsync()
    {
        System.IO.Directory.CreateDirectory(_folder);
        _writer = Open(new SqliteDatabase(Path.Combine(_folder, "numbers.db"), pageSize: 4096));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_waits_while_the_writer_is_busy_shares_one_transaction()
    {
        using var gate = new ManualResetEventSlim();
        var first = await KeepBusyAsync(gate);
        var waiting = Enumerable.Range(0, 100).Select(AddAsync).ToArray();
        gate.Set();
        var before = await first;
        var transactions = await Task.WhenAll(waiting);
        Assert.All(transactions, transaction => Assert.Equal(before + 1, transaction));
    }

    [Fact]
    public async Task A_failing_item_fails_alone_and_leaves_nothing()
    {
        using var gate = new ManualResetEventSlim();
        var first = await KeepBusyAsync(gate);
        var good = Enumerable.Range(0, 10).Select(AddAsync).ToArray();
        var bug = _writer.WriteAsync(0, Fail, default);
        var twice = AddAsync(3);
        gate.Set();
        await first;
        await Task.WhenAll(good);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => bug);
        Assert.IsAssignableFrom<DbException>((await Assert.ThrowsAsync<StorageException>(() => twice)).InnerException);
        Assert.Equal(10, await CountAsync());

        static int Fail(Numbers numbers, int _)
        {
            numbers.Add(1000);
            throw new InvalidTimeZoneException("an error of the work itself");
        }
    }

    [Fact]
    public async Task An_item_whose_caller_has_gone_is_left_out()
    {
        using var gate = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var first = await KeepBusyAsync(gate);
        var cancelled = _writer.WriteAsync(7, static (numbers, n) => numbers.Add(n), gone.Token);
        var kept = AddAsync(8);
        await gone.CancelAsync();
        gate.Set();
        await first;
        await kept;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Disposing_writes_what_waits_and_refuses_what_comes_later()
    {
        var waiting = Enumerable.Range(0, 1000).Select(AddAsync).ToArray();
        await _writer.DisposeAsync();
        await Task.WhenAll(waiting);
        await Assert.ThrowsAsync<StorageException>(() => AddAsync(2000));
    }

    [Fact]
    public async Task More_than_the_queue_holds_is_written_all_the_same()
    {
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(AddAsync));
        Assert.Equal(10_000, await CountAsync());
    }

    [Fact]
    public async Task A_connection_that_was_closed_half_way_is_a_failure_of_the_store_and_the_next_goes_well()
    {
        var closing = _writer.WriteAsync(
            1,
            static (numbers, n) =>
            {
                numbers.Connection.Close();
                return numbers.Add(n);
            },
            default);
        var failure = await Assert.ThrowsAsync<StorageException>(() => closing);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
        await AddAsync(2);
        Assert.Equal(1, await CountAsync());
    }

    private static GroupWriter<Numbers> Open(SqliteDatabase database) =>
        new("numbers writer", database, static database => new Numbers(database));

    /// <summary>Makes the writer wait for the gate; returns its work, when it has begun.</summary>
    private async Task<Task<int>> KeepBusyAsync(ManualResetEventSlim gate)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = _writer.WriteAsync(
            (gate, begun),
            static (numbers, state) =>
            {
                state.begun.TrySetResult();
                state.gate.Wait();
                return numbers.Transactions;
            },
            default);
        await begun.Task;
        return work;
    }

    private Task<int> AddAsync(int number) => _writer.WriteAsync(number, static (numbers, n) => numbers.Add(n), default);

    private Task<long> CountAsync() => _writer.WriteAsync(0, static (numbers, _) => numbers.Count(), default);

    private sealed class Numbers : SqlSession
    {
        private readonly Statement _add;
        private readonly Statement _count;

        public Numbers(SqlDatabase database)
            : base(database)
        {
            using (var create = new Statement(Connection, "CREATE TABLE IF NOT EXISTS number (n INTEGER PRIMARY KEY)"))
            {
                create.Execute();
            }

            _add = Prepare("INSERT INTO number (n) VALUES (@n)");
            _count = Prepare("SELECT count(*) FROM number");
        }

        public int Transactions { get; private set; }

        public override void OnBegin() => Transactions++;

        public int Add(int number)
        {
            _add.Execute(number);
            return Transactions;
        }

        public long Count() => (long)_count.Scalar()!;
    }
}
