using Akka.Hosting;
using MailCluster.Actors.Hosting;
using MailCluster.Storage.Postgres;
using MailCluster.Testing;
using Npgsql;

namespace MailCluster.Actors.Tests.Queue.LastFence;

/// <summary>Skipped where PostgreSQL is not installed.</summary>
public sealed class PostgresLastFence(PostgresJournalServer server) : LastFenceContract, IClassFixture<PostgresJournalServer>
{
    private string _connectionString = "";

    public override async Task InitializeAsync() => _connectionString = await server.CreateDatabaseAsync();

    /// <summary>The key cannot refuse a number that was deleted; SQLite's files have one node, and need no more.</summary>
    [SkippableFact]
    public async Task A_copy_that_a_snapshot_has_left_behind_writes_nothing()
    {
        const int LastOfStale = 2; // the partition taken, and a message
        var (stale, current, before) = await StartTwoAsync(eventsPerSnapshot: 3);
        var written = NewIds(12);
        foreach (var id in written)
        {
            await current.EnqueueAsync(id);
        }

        await PartitionCopy.WaitForAsync(
            async () => await NumberAsync("min") > LastOfStale + 1, "the number that the stale copy writes next was deleted");
        var refused = NewIds(1)[0];
        stale.Send(refused);
        await stale.WaitUntilStoppedAsync();
        Assert.DoesNotContain(refused, await stale.AcceptedAsync());

        await stale.BeginAsync();
        await ExpectQueueAsync(stale, [before, .. written], absent: [refused]);
        await ExpectNothingLostOrInventedAsync();
    }

    [SkippableFact]
    public async Task A_copy_that_lost_the_partition_writes_nothing_though_nothing_has_happened_since()
    {
        const int Taken = 3; // by the second copy: the first took it, and a message came
        var (stale, current, before) = await StartTwoAsync();
        await PartitionCopy.WaitForAsync(async () => await NumberAsync("max") == Taken, "the second copy took the partition");
        var refused = NewIds(1)[0];
        stale.Send(refused);
        await stale.WaitUntilStoppedAsync();
        Assert.DoesNotContain(refused, await stale.AcceptedAsync());
        await ExpectQueueAsync(current, [before], absent: [refused]);
        await current.EnqueueAsync(NewIds(1)[0]);
        Assert.False(await current.HasStoppedAsync());
    }

    private async Task<long> NumberAsync(string function)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = $"SELECT {function}(sequence_number) FROM journal";
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private protected override void AddJournal(AkkaConfigurationBuilder akka) =>
        akka.WithPostgresJournal(PostgresConnectionString.TryParse(_connectionString)!.JournalText);
}

/// <summary>One server for all tests of the class, with a database of its own for each.</summary>
public sealed class PostgresJournalServer : IAsyncLifetime
{
    private PostgresServer? _server;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            _server = await PostgresServer.StartAsync("fsync=off");
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>With the program's tables.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        Skip.If(_server is null, PostgresServer.Missing);
        var connectionString = await _server.CreateDatabaseAsync();
        await PostgresStorage.ApplySchemaAsync(
            new PostgresStorageOptions(PostgresConnectionString.TryParse(connectionString)!));
        return connectionString;
    }
}
