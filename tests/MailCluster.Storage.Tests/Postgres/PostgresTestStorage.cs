using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Membership;
using MailCluster.Storage.Postgres;
using MailCluster.Storage.Search;
using MailCluster.Storage.Settings;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Tests.Contract;
using MailCluster.Testing;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>A store in a database of its own, on a server that all tests of this project share.</summary>
internal sealed class PostgresTestStorage : ITestStorage
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(StartServerAsync);

    private readonly TimeProvider _time;
    private MailStorage _storage;

    private PostgresTestStorage(MailStorage storage, string connectionString, TimeProvider time)
    {
        _storage = storage;
        _time = time;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public ISpool Spool => _storage.Spool;

    public IMailboxStore Mailboxes => _storage.Mailboxes;

    public IFolderStore Folders => _storage.Folders;

    public IFolderReader FolderReader => _storage.FolderReader;

    public ITextIndex Texts => _storage.Texts;

    public IDirectory Directory => _storage.Directory;

    public IDirectoryAdministration Administration => _storage.Administration;

    public IMembershipRegister Membership => _storage.Membership!;

    public IFixedSettings FixedSettings => _storage.FixedSettings;

    /// <summary>Skips the test where there is no PostgreSQL.</summary>
    public static async Task<PostgresTestStorage> OpenAsync(TimeProvider time)
    {
        var connectionString = await CreateDatabaseAsync("with_tables");
        return new PostgresTestStorage(await OpenAsync(connectionString, time), connectionString, time);
    }

    /// <summary>On a server of the caller's own.</summary>
    public static async Task<PostgresTestStorage> OpenOnAsync(PostgresServer server, TimeProvider time, string settings = "")
    {
        var connectionString = await server.CreateDatabaseAsync() + settings;
        await PostgresStorage.ApplySchemaAsync(Options(connectionString));
        return new PostgresTestStorage(await OpenAsync(connectionString, time), connectionString, time);
    }

    /// <summary>Without the cache of recent bodies: what is read is what the database holds.</summary>
    public static Task<MailStorage> OpenAsync(string connectionString, TimeProvider time) =>
        PostgresStorage.OpenAsync(Options(connectionString), time);

    public static PostgresStorageOptions Options(string connectionString) =>
        new(PostgresConnectionString.TryParse(connectionString)!) { RecentBodyBytes = 0, Readers = 2 };

    public static async Task<string> CreateDatabaseAsync(string template = "template1")
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        return await (await Server.Value).CreateDatabaseAsync(template);
    }

    public async Task<ITestStorage> OpenAnotherAsync() =>
        new PostgresTestStorage(await OpenAsync(ConnectionString, _time), ConnectionString, _time);

    public async Task ReopenAsync()
    {
        await _storage.DisposeAsync();
        _storage = await OpenAsync(ConnectionString, _time);
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    private static async Task<PostgresServer> StartServerAsync()
    {
        // These tests ask what is written, not whether it outlives a crash of the machine.
        var server = await PostgresServer.StartAsync("fsync=off");
        await server.ExecuteAsync("CREATE DATABASE with_tables");
        await PostgresStorage.ApplySchemaAsync(Options(server.ConnectionString("with_tables")));
        return server;
    }
}
