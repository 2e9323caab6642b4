using System.Data.Common;
using MailCluster.Storage.Search;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Sql;
using MailCluster.Storage.Tests.Sqlite;
using Microsoft.Data.Sqlite;

namespace MailCluster.Storage.Tests.Sql;

/// <summary>A driver whose connections fail at any call, and say so in either of two ways: the writer's thread lives on.</summary>
public sealed class GroupWriterOnBadGround : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = SqliteTestStorage.NewFolder();
    private Brittle _database = null!;
    private GroupWriter<Numbers> _writer = null!;

    public static TheoryData<string, Type> Troubles => new()
    {
        { nameof(Brittle.OnOpen), typeof(InvalidOperationException) },
        { nameof(Brittle.OnOpen), typeof(SqliteException) },
        { nameof(Brittle.OnCommand), typeof(InvalidOperationException) },
        { nameof(Brittle.OnCommand), typeof(ObjectDisposedException) },
        { nameof(Brittle.OnCommand), typeof(SqliteException) },
        { nameof(Brittle.OnUpkeep), typeof(InvalidOperationException) },
        { nameof(Brittle.OnUpkeep), typeof(SqliteException) },
        { nameof(Brittle.OnDispose), typeof(InvalidOperationException) },
        { nameof(Brittle.OnDispose), typeof(SqliteException) },
    };

    public Task InitializeAsync()
    {
        System.IO.Directory.CreateDirectory(_folder);
        _database = new Brittle(Path.Combine(_folder, "numbers.db"));
        _writer = Open(_database);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Every_waiter_gets_an_answer_and_the_next_work_goes_well(string at, Type kind)
    {
        await AddAsync(1);
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = _writer.WriteAsync((begun, gate), WaitAndFail, default);
        await begun.Task.WaitAsync(Patience);
        var waiting = Enumerable.Range(10, 5).Select(AddAsync).ToArray();
        _database.Trouble = (at, kind);
        gate.Set();
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => busy.WaitAsync(Patience));
        var added = 0;
        foreach (var work in waiting)
        {
            added += await IsAddedAsync(work) ? 1 : 0;
        }

        _database.Trouble = default;
        await AddAsync(2).WaitAsync(Patience);
        var count = await _writer.WriteAsync(0, static (numbers, _) => numbers.Count(), default).WaitAsync(Patience);
        Assert.Equal(2 + added, count);
    }

    private static GroupWriter<Numbers> Open(SqlDatabase database) =>
        new("numbers writer", database, static database => new Numbers(database));

    /// <summary>Every other failure than the store's own is an error of the writer.</summary>
    private static async Task<bool> IsAddedAsync(Task work)
    {
        try
        {
            await work.WaitAsync(Patience);
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    private static int WaitAndFail(Numbers numbers, (TaskCompletionSource Begun, ManualResetEventSlim Gate) busy)
    {
        busy.Begun.TrySetResult();
        busy.Gate.Wait();
        throw new InvalidTimeZoneException("an error of the work itself, behind which the writer rolls back");
    }

    private Task<int> AddAsync(int number) => _writer.WriteAsync(number, static (numbers, n) => numbers.Add(n), default);

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

        public int Add(int number) => _add.Execute(number);

        public long Count() => (long)_count.Scalar()!;
    }

    private sealed class Brittle(string path) : SqlDatabase
    {
        public (string At, Type Kind) Trouble { get; set; }

        public override TextDialect Text => throw new NotSupportedException();

        public override string BeginReading => "BEGIN";

        public override string Ranges => "";

        public override string Ids => "";

        public override string MarkedMessages => "";

        public override string BeginWriting => "BEGIN IMMEDIATE";

        public override string FindsTable => "";

        public override string ForUpdate => "";

        public override string KeepsMessages => "";

        public override bool IsShared => false;

        public override bool PreparesItself => false;

        public override DbConnection Open()
        {
            OnOpen();
            var connection = new BrittleConnection(this, path);
            connection.Open();
            return connection;
        }

        public override Reads<TSession> OpenReads<TSession>(string name, Func<SqlDatabase, TSession> open) =>
            new ReadPool<TSession>(this, open);

        public override ChunkPlaces NewChunkPlaces() => throw new NotSupportedException();

        public override StorageException Translate(DbException failure) => new(failure.Message, failure);

        public override void AfterCommit(DbConnection connection) => OnUpkeep();

        public void OnOpen() => Fail(nameof(OnOpen));

        public void OnCommand() => Fail(nameof(OnCommand));

        public void OnUpkeep() => Fail(nameof(OnUpkeep));

        public void OnDispose() => Fail(nameof(OnDispose));

        private void Fail(string at)
        {
            if (Trouble.At == at)
            {
                throw Trouble.Kind == typeof(SqliteException) ? new SqliteException("trouble", 1)
                    : (Exception)Activator.CreateInstance(Trouble.Kind, "trouble")!;
            }
        }
    }

    private sealed class BrittleConnection(Brittle database, string path)
        : SqliteConnection($"Data Source={path};Pooling=False")
    {
        protected override DbCommand CreateDbCommand()
        {
            database.OnCommand();
            return base.CreateDbCommand();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                database.OnDispose();
            }
        }
    }
}
