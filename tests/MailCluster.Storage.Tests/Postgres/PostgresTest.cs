using System.Diagnostics;
using MailCluster.Storage.Tests.Contract;
using Npgsql;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>A test that also looks at the tables behind the store, and does to the server what operators and faults do.</summary>
public abstract class PostgresTest : StorageContract
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected PostgresTestStorage Postgres => (PostgresTestStorage)Storage;

    private protected string Database => new NpgsqlConnectionStringBuilder(Postgres.ConnectionString).Database!;

    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);

    /// <summary>A connection beside those of the store, which no test ends with theirs.</summary>
    protected async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Postgres.ConnectionString + ";Pooling=false;Application Name=observer");
        await connection.OpenAsync();
        return connection;
    }

    protected async Task<T?> SqlAsync<T>(string sql)
    {
        await using var connection = await ConnectAsync();
        return await SqlAsync<T>(connection, sql);
    }

    internal static async Task<T?> SqlAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests write their own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>Ends the connections of all stores on this database that fit; returns how many.</summary>
    protected async Task<long> TerminateAsync(string which = "true") => await SqlAsync<long>(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
        + $" AND application_name <> 'observer' AND pid <> pg_backend_pid() AND {which}");

    /// <summary>Waits until that many connections of the store wait for a lock.</summary>
    protected Task BlockedAsync(int connections = 1) => UntilAsync(
        $"{connections} connections that wait for a lock",
        async () => await SqlAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            >= connections);

    internal static async Task UntilAsync(string missing, Func<Task<bool>> isSo)
    {
        var started = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(started.Elapsed < Patience, $"waited in vain for {missing}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>Null where the call went well; every other failure than the store's own is an error of the store.</summary>
    protected static async Task<StorageException?> FailureAsync(Task call)
    {
        try
        {
            await call.WaitAsync(Patience);
            return null;
        }
        catch (StorageException failure)
        {
            return failure;
        }
    }

    /// <summary>What must be so at any time, whatever has failed: nothing is there by halves.</summary>
    protected async Task AssertWholeAsync()
    {
        Assert.Equal(0, await SqlAsync<long>("""
            SELECT count(*) FROM account a
            LEFT JOIN (SELECT account_id, count(m.uid) AS messages, coalesce(sum(m.size), 0) AS bytes
                FROM folder f LEFT JOIN message m ON m.folder_id = f.id GROUP BY account_id) s ON s.account_id = a.id
            WHERE (a.message_count, a.used_bytes) IS DISTINCT FROM (s.messages, s.bytes)
            """));
        Assert.Equal(0, await SqlAsync<long>("""
            SELECT count(*) FROM folder f
            LEFT JOIN (SELECT folder_id, count(*) AS messages, sum(size) AS size, count(*) FILTER (WHERE flags & 1 = 0) AS unseen
                FROM message GROUP BY folder_id) s ON s.folder_id = f.id
            WHERE (f.messages, f.size, f.unseen)
                IS DISTINCT FROM (coalesce(s.messages, 0), coalesce(s.size, 0), coalesce(s.unseen, 0))
            """));
        Assert.Equal(0, await SqlAsync<long>("""
            SELECT count(*) FROM folder f WHERE f.uid_next <= (SELECT max(uid) FROM message m WHERE m.folder_id = f.id)
                OR f.highest_modseq < (SELECT max(modseq) FROM message m WHERE m.folder_id = f.id)
            """));
        Assert.Equal(0, await SqlAsync<long>("""
            SELECT count(*) FROM body b WHERE state <> 0 AND size <> (SELECT coalesce(sum(length(octets)), -1)
                FROM chunk c WHERE c.place BETWEEN b.place AND b.place + 65535)
            """));
        Assert.Equal(0, await SqlAsync<long>("""
            SELECT count(*) FROM chunk c
            WHERE NOT EXISTS (SELECT 1 FROM body b WHERE c.place BETWEEN b.place AND b.place + 65535)
            """));
    }
}
