using System.Data.Common;
using FluentMigrator.Runner;
using MailCluster.Storage.Schema;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Postgres;

/// <summary>The store in one PostgreSQL database that all nodes of a cluster share.</summary>
public static class PostgresStorage
{
    private static readonly string[] Tags = [SchemaMigrator.Spool, SchemaMigrator.Mail, SchemaMigrator.Cluster];

    /// <summary>"mail" in ASCII: nobody else is likely to take this lock in our database.</summary>
    internal const long SchemaLock = 0x6D61696C;

    /// <summary>Opens the store; its tables must be there.</summary>
    /// <exception cref="StorageException">
    /// The server cannot be reached, would lose commits, or has the tables of an older or newer program.
    /// </exception>
    public static Task<MailStorage> OpenAsync(PostgresStorageOptions options, TimeProvider time) => Task.Run(() =>
    {
        var database = new PostgresDatabase(options.ConnectionString, options.Readers);
        RefuseLossyCommits(database);
        SchemaMigrator.RefuseOther(database, Tags);
        return new MailStorage(database, database, options, time);
    });

    /// <summary>
    /// Makes or changes the tables. May run on several nodes at the same time: one of them works, the others wait for it
    /// and find nothing left to do. Returns the schema's version.
    /// </summary>
    /// <exception cref="StorageException">The server cannot be reached, or has the tables of a newer program.</exception>
    public static Task<long> ApplySchemaAsync(PostgresStorageOptions options) => Task.Run(() =>
    {
        var database = new PostgresDatabase(options.ConnectionString.ForSchema(), options.Readers);
        try
        {
            // The lock belongs to its session, and ends with it, however that ends.
            using var connection = database.Open();
            using var take = new Statement(connection, "SELECT pg_advisory_lock(@key)");
            take.Scalar(SchemaLock);
            SchemaMigrator.Apply(database, Tags, database.ConnectionString, static runner => runner.AddPostgres15_0());
            return SchemaMigrator.Newest(Tags);
        }
        catch (DbException failure)
        {
            throw database.Translate(failure);
        }
    });

    private static void RefuseLossyCommits(PostgresDatabase database)
    {
        try
        {
            using var connection = database.Open();
            using var setting = new Statement(connection, "SHOW synchronous_commit");
            if ((string?)setting.Scalar() == "off")
            {
                throw new StorageException(
                    "PostgreSQL: synchronous_commit is off, so mail that was answered with 250 could be lost: turn it on.");
            }
        }
        catch (DbException failure)
        {
            throw database.Translate(failure);
        }
    }
}
