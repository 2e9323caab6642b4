using MailCluster.Storage.Postgres;
using MailCluster.Storage.Schema;
using MailCluster.Storage.Tests.Contract;
using Npgsql;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>Making the tables, and what a node is told that cannot open the store.</summary>
public sealed class Schema
{
    private static readonly ManualTime Time = new();

    [SkippableFact]
    public async Task Eight_nodes_that_make_the_tables_at_once_all_succeed_and_each_migration_ran_once()
    {
        var database = await PostgresTestStorage.CreateDatabaseAsync();
        var options = PostgresTestStorage.Options(database);
        var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgresStorage.ApplySchemaAsync(options)));
        Assert.Single(versions.Distinct());
        Assert.Equal(versions[0], await ScalarAsync<long>(database, "SELECT max(\"Version\") FROM \"VersionInfo\""));
        Assert.Equal(
            await ScalarAsync<long>(database, "SELECT count(DISTINCT \"Version\") FROM \"VersionInfo\""),
            await ScalarAsync<long>(database, "SELECT count(*) FROM \"VersionInfo\""));
        Assert.Equal(1, await ScalarAsync<long>(database, "SELECT count(*) FROM directory_version"));
        await using var storage = await PostgresTestStorage.OpenAsync(database, Time);
        await storage.CheckAsync(default);
    }

    [SkippableFact]
    public async Task Who_waits_for_a_long_change_by_another_waits_longer_than_for_an_answer()
    {
        var database = await PostgresTestStorage.CreateDatabaseAsync("with_tables");
        await using var other = new NpgsqlConnection($"{database};Pooling=false");
        await other.OpenAsync();
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({PostgresStorage.SchemaLock})", other);
        await take.ExecuteNonQueryAsync();
        var applying = PostgresStorage.ApplySchemaAsync(PostgresTestStorage.Options($"{database};Command Timeout=1"));
        await PostgresTest.UntilAsync("a wait beyond the time-out", async () => await ScalarAsync<long>(
            database,
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
            + " AND now() - query_start > interval '2 s'") > 0);
        await other.CloseAsync();
        Assert.True(await applying > 0);
    }

    [SkippableFact]
    public async Task The_tables_of_a_newer_program_are_refused_by_the_store_and_by_the_command()
    {
        var database = await PostgresTestStorage.CreateDatabaseAsync("with_tables");
        var newer = SchemaMigrator.Newest(SchemaMigrator.Spool, SchemaMigrator.Mail, SchemaMigrator.Cluster) + 1;
        await ExecuteAsync(database, $"INSERT INTO \"VersionInfo\" (\"Version\") VALUES ({newer})");
        var refused = await RefusalAsync(database);
        Assert.Contains($"{newer}, which is newer than", refused, StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<StorageException>(
            () => PostgresStorage.ApplySchemaAsync(PostgresTestStorage.Options(database)));
        Assert.Equal(refused, failure.Message);
    }

    [SkippableFact]
    public async Task A_database_without_tables_names_the_command_that_makes_them()
    {
        var database = await PostgresTestStorage.CreateDatabaseAsync();
        Assert.Contains("run \"mailcluster schema apply\" first", await RefusalAsync(database), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_tables_of_an_older_program_name_the_command_too()
    {
        var database = await PostgresTestStorage.CreateDatabaseAsync("with_tables");
        await ExecuteAsync(
            database, "DELETE FROM \"VersionInfo\" WHERE \"Version\" = (SELECT max(\"Version\") FROM \"VersionInfo\")");
        Assert.Contains("run \"mailcluster schema apply\" first", await RefusalAsync(database), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_database_that_would_lose_commits_is_refused()
    {
        var database = await PostgresTestStorage.CreateDatabaseAsync("with_tables");
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await ExecuteAsync(database, $"ALTER DATABASE {name} SET synchronous_commit = off");
        Assert.Contains("synchronous_commit is off", await RefusalAsync(database), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("Host=mail.invalid", "mail.invalid")]
    [InlineData("Database=no_such_database", "no_such_database")]
    [InlineData("Username=no_such_user", "no_such_user")]
    [InlineData("Port=1", ":1")]
    public async Task What_is_wrong_with_a_connection_string_is_said_in_one_line(string wrong, string said)
    {
        var database = await PostgresTestStorage.CreateDatabaseAsync();
        await AssertTellsAsync($"{database};Password=hunter2;{wrong}", said);
    }

    [SkippableFact]
    public async Task A_wrong_password_is_said_without_the_password()
    {
        var database = await PostgresTestStorage.CreateDatabaseAsync();
        var builder = new NpgsqlConnectionStringBuilder(database);
        await ExecuteAsync(database, "CREATE ROLE careful LOGIN PASSWORD 'right'");
        var rules = await ScalarAsync<string>(database, "SHOW hba_file");
        await File.WriteAllTextAsync(
            rules!, $"host {builder.Database} careful all scram-sha-256\n{await File.ReadAllTextAsync(rules!)}");
        await ExecuteAsync(database, "SELECT pg_reload_conf()");
        await PostgresTest.UntilAsync("the new rules", async () => await ScalarAsync<long>(
            database, "SELECT count(*) FROM pg_hba_file_rules WHERE 'careful' = ANY (user_name)") > 0);
        await AssertTellsAsync($"{database};Username=careful;Password=hunter2", "careful");
    }

    private static async Task AssertTellsAsync(string connectionString, string said)
    {
        var options = PostgresTestStorage.Options(connectionString);
        var open = await Assert.ThrowsAsync<StorageException>(() => PostgresStorage.OpenAsync(options, Time));
        var apply = await Assert.ThrowsAsync<StorageException>(() => PostgresStorage.ApplySchemaAsync(options));
        foreach (var message in (string[])[open.Message, apply.Message])
        {
            Assert.StartsWith("PostgreSQL: ", message, StringComparison.Ordinal);
            Assert.Contains(said, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
            Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        }
    }

    private static async Task<string> RefusalAsync(string database) =>
        (await Assert.ThrowsAsync<StorageException>(() => PostgresTestStorage.OpenAsync(database, Time))).Message;

    private static Task ExecuteAsync(string database, string sql) => ScalarAsync<object>(database, sql);

    private static async Task<T?> ScalarAsync<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        return await PostgresTest.SqlAsync<T>(connection, sql);
    }
}
