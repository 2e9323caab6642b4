using Akka.Hosting;
using MailCluster.Actors.Hosting;
using MailCluster.Storage.Postgres;
using MailCluster.Testing;

namespace MailCluster.Actors.Tests.Queue.LastFence;

/// <summary>Skipped where PostgreSQL is not installed.</summary>
public sealed class PostgresLastFence(PostgresJournalServer server) : LastFenceContract, IClassFixture<PostgresJournalServer>
{
    private string _connectionString = "";

    public override async Task InitializeAsync() => _connectionString = await server.CreateDatabaseAsync();

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
