using System.Data.Common;
using MailCluster.Storage.Search;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace MailCluster.Storage.Sqlite;

/// <summary>
/// One SQLite file: write-ahead log, and a commit is on disk before it is answered (synchronous=FULL). Any number of
/// processes may use the file, such as an operator's command beside the running node.
/// </summary>
internal sealed class SqliteDatabase(string path, int pageSize) : SqlDatabase
{
    /// <summary>How long a statement waits for a writer of another process.</summary>
    private const int BusySeconds = 5;

    /// <summary>
    /// A log this long is taken up and cut, even if readers must be waited for. SQLite takes it up by itself long before,
    /// but starts it anew only where no reader stands in it at that moment.
    /// </summary>
    private const long LongestLog = 64 << 20;

    // Result codes of sqlite3.h.
    private const int Full = 13;

    private readonly string _log = path + "-wal";

    public string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        ForeignKeys = true,
        DefaultTimeout = BusySeconds,
        Pooling = false, // Connections are kept by their users, with their prepared statements.
    }.ToString();

    public override string BeginWriting => "BEGIN IMMEDIATE";

    public override string FindsTable => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = @name";

    // BEGIN IMMEDIATE has locked the file.
    public override string ForUpdate => "";

    public override string KeepsMessages => "";

    public override string Ranges =>
        "(SELECT value ->> 0 AS first, value ->> 1 AS last FROM json_each(@ranges)) r";

    public override string Ids => "(SELECT unhex(value) AS id FROM json_each(@ids)) i";

    // Its planner would take the primary key, which has the same columns.
    public override string MarkedMessages => "message m INDEXED BY message_marked";

    public override TextDialect Text => SqliteText.Dialect;

    public override string BeginReading => "BEGIN";

    public override bool IsShared => false;

    public override bool PreparesItself => false;

    /// <summary>Limits the file, in pages: tests use it to fill the disk.</summary>
    public int? MaxPages { get; set; }

    public override DbConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            // The page size only matters for a file that is still empty; both it and the journal mode then stay.
            Run(connection, $"PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA page_size={pageSize};");
            Run(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;");
            if (MaxPages is { } pages)
            {
                Run(connection, $"PRAGMA max_page_count={pages};");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override Reads<TSession> OpenReads<TSession>(string name, Func<SqlDatabase, TSession> open) =>
        new ReadPool<TSession>(this, open);

    public override ChunkPlaces NewChunkPlaces() => new PlacesBehindLast();

    public override StorageException Translate(DbException failure) =>
        failure is SqliteException { SqliteErrorCode: Full }
            ? new StorageException($"No space left for {path}.", failure) { IsFull = true }
            : new StorageException($"{path}: {failure.Message}", failure);

    public override void AfterCommit(DbConnection connection)
    {
        if (new FileInfo(_log) is { Exists: true, Length: > LongestLog })
        {
            Run(connection, "PRAGMA wal_checkpoint(TRUNCATE);");
        }
    }

    private static void Run(DbConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built of constants and numbers.
        command.CommandText = pragmas;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
