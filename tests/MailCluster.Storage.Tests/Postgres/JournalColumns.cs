using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Npgsql;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>The persistence library writes into tables that we make: they must be what it would have made itself.</summary>
public sealed class JournalColumns
{
    // Where the library sets no limit or allows NULL, ours may be stricter: a text with a limit is stored alike.
    private const string Columns = """
        SELECT string_agg(concat_ws(' ', table_name, column_name,
            replace(data_type, 'character varying', 'text')), E'\n'
            ORDER BY table_name, column_name)
        FROM information_schema.columns WHERE table_name IN ('journal', 'tags', 'snapshot')
        """;

    private const string Keys = """
        SELECT string_agg(concat_ws(' ', conrelid::regclass::text, contype, pg_get_constraintdef(oid)), E'\n'
            ORDER BY conrelid::regclass::text, contype)
        FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid::regclass::text IN ('journal', 'tags', 'snapshot')
        """;

    [SkippableFact]
    public async Task Columns_and_keys_are_those_that_the_library_makes()
    {
        var ours = await PostgresTestStorage.CreateDatabaseAsync("with_tables");
        var theirs = await PostgresTestStorage.CreateDatabaseAsync();
        await InitializeAsync(theirs);
        Assert.Equal(await TextAsync(theirs, Columns), await TextAsync(ours, Columns));
        Assert.Equal(await TextAsync(theirs, Keys), await TextAsync(ours, Keys));
    }

    /// <summary>Lets the library make its tables: each plugin does so when somebody first uses it.</summary>
    private static async Task InitializeAsync(string database)
    {
        var settings = $$"""
            connection-string = "{{database}}"
            provider-name = "PostgreSQL.15"
            auto-initialize = on
            """;
        var config = ConfigurationFactory.ParseString($$"""
            akka.loglevel = WARNING
            akka.persistence {
              journal { plugin = akka.persistence.journal.sql, sql { {{settings}} } }
              snapshot-store { plugin = akka.persistence.snapshot-store.sql, sql { {{settings}} } }
            }
            """).WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration);
        using var system = ActorSystem.Create("tables", config);
        try
        {
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            system.ActorOf(Props.Create(() => new Writer(written)));
            await written.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static async Task<string> TextAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        return (await PostgresTest.SqlAsync<string>(connection, sql))!;
    }

    /// <summary>Done when an event and a snapshot are written.</summary>
    private sealed class Writer : ReceivePersistentActor
    {
        public Writer(TaskCompletionSource written)
        {
            Command<string>(text => Persist(text, SaveSnapshot));
            Command<SaveSnapshotSuccess>(_ => written.TrySetResult());
            Command<SaveSnapshotFailure>(failure => written.TrySetException(failure.Cause));
        }

        public override string PersistenceId => "writer";

        protected override void PreStart() => Self.Tell("event");
    }
}
