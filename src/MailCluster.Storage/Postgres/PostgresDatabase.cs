using System.Data.Common;
using MailCluster.Storage.Search;
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
    /// <summary>
    /// A node that is lost with its machine says no goodbye, and its rows would stay locked until the server's TCP gives
    /// up, hours later. Nobody thinks within a transaction, so the server may end one that is silent for seconds. For the
    /// transaction alone, since a pooler gives the session to others.
    /// </summary>
    private const string UnlessSilent = "; SET LOCAL idle_in_transaction_session_timeout = '5s'";

    public string ConnectionString => connectionString.Text;

    public override string BeginWriting => "BEGIN" + UnlessSilent;

    public override string FindsTable =>
        "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = @name";

    public override string ForUpdate => " FOR UPDATE";

    public override string KeepsMessages => " FOR KEY SHARE OF m";

    public override string Ranges =>
        "(SELECT (value ->> 0)::bigint AS first, (value ->> 1)::bigint AS last FROM json_array_elements(@ranges::json)) r";

    public override string Ids =>
        "(SELECT decode(value, 'hex') AS id FROM json_array_elements_text(@ids::json)) i";

    public override string MarkedMessages => "message m";

    public override TextDialect Text => PostgresText.Dialect;

    public override string BeginReading => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" + UnlessSilent;

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
