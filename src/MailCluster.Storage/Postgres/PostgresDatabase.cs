using System.Data.Common;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Sql;
using Npgsql;

namespace MailCluster.Storage.Postgres;

/// <summary>
/// One PostgreSQL database, which all nodes of a cluster share. Nothing here waits for long: a server that is away is
/// told to the caller, who has a schedule of its own.
/// </summary>
internal sealed class PostgresDatabase(PostgresConnectionString connectionString, int readers) : SqlDatabase
{
    public string ConnectionString => connectionString.Text;

    public override string BeginWriting => "BEGIN";

    public override string FindsTable =>
        "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = @name";

    public override string ForUpdate => " FOR UPDATE";

    public override bool IsShared => true;

    public override bool PreparesItself => true;

    public override DbConnection Open()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (NpgsqlException away) when (away is not PostgresException)
        {
            // Of a host that is unknown the driver does not say which.
            connection.Dispose();
            throw new NpgsqlException($"{connectionString.Server}: {away.Message}", away);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override Reads<TSession> OpenReads<TSession>(string name, Func<SqlDatabase, TSession> open) =>
        new ReaderThreads<TSession>(name, readers, this, open);

    public override ChunkPlaces NewChunkPlaces() => new PlacesOfSequence();

    public override StorageException Translate(DbException failure) => new($"PostgreSQL: {Describe(failure)}", failure)
    {
        IsFull = failure.SqlState == PostgresErrorCodes.DiskFull,
    };

    // Npgsql says only that it failed to connect; whether refused, timed out or without a route is in the cause.
    private static string Describe(DbException failure) =>
        failure.GetBaseException() is var cause && !failure.Message.Contains(cause.Message, StringComparison.Ordinal)
            ? $"{failure.Message}: {cause.Message}"
            : failure.Message;
}
