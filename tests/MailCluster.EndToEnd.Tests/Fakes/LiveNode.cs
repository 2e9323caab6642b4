using System.Net;
using Akka.Actor;
using Akka.Hosting;
using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Sasl;
using MailCluster.Node.Configuration;
using MailCluster.Node.FirstStart;
using MailCluster.Node.Hosting;
using MailCluster.Node.Http;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Smtp.Tests.Server;
using MailCluster.Storage;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>
/// A node as an operator starts it, in this process: free ports on loopback, settings as <c>--set</c> takes them, bob
/// and alice of hamburger.edu with the passwords of the dialogues.
/// </summary>
internal sealed class LiveNode : IAsyncDisposable
{
    private static readonly string[] BaseSettings =
    [
        "Http:Port=0", "Listeners:smtp:Port=0", "Listeners:submission:Port=0", "Listeners:submissions:Port=0",
        "Listeners:pop3:Port=0", "Listeners:pop3s:Port=0", "Listeners:imap:Port=0", "Listeners:imaps:Port=0",
        "Queue:Partitions=2", "Cluster:Shards=2", "Node:ShutdownTimeout=1s", "Logging:Level=fatal",
        "Queue:Jitter=0%", "Relay:MinBackOff=100ms", "Relay:MaxBackOff=100ms",
        "Dns:Servers:0=127.0.0.1:9", "Dns:Timeout=100ms", "Dns:Retries=0", // nobody there: no test asks the world
    ];

    private readonly NodeHost _host;
    private readonly Dictionary<string, int> _ports;
    private readonly TemporaryFolder? _ownFolder;
    private bool _stopped;

    private LiveNode(NodeHost host, MailClusterOptions options, TemporaryFolder? ownFolder)
    {
        _host = host;
        _ownFolder = ownFolder;
        _ports = host.EndPoints.ToDictionary(bound => bound.Name, bound => bound.EndPoint.Port);
        var token = File.ReadAllText(Path.Combine(options.Node.DataFolder, ApiToken.FileName));
        Api = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{_ports["http"]}"),
            DefaultRequestHeaders = { Authorization = new("Bearer", token) },
        };
    }

    /// <summary>The operator's API, with its token.</summary>
    public HttpClient Api { get; }

    public IDirectoryAdministration Directory => Storage.Administration;

    public MailStorage Storage => _host.Services.GetRequiredService<MailStorage>();

    /// <summary>What takes messages for Mailbox actors, wherever in the cluster they are.</summary>
    public IActorRef Mailboxes => _host.Services.GetRequiredService<IRequiredActor<MailboxActor>>().ActorRef;

    public IPEndPoint this[string listener] => new(IPAddress.Loopback, _ports[listener]);

    public static Task<LiveNode> StartAsync(params string[] settings) =>
        StartWithAsync(static options => options, settings);

    /// <summary>With options that no operator may set, too.</summary>
    public static async Task<LiveNode> StartWithAsync(
        Func<MailClusterOptions, MailClusterOptions> change, params string[] settings)
    {
        var folder = new TemporaryFolder();
        await CreateUsersAsync(folder.Path);
        return await StartAsync(change(Load(folder.Path, settings)), folder);
    }

    /// <summary>On data that stays, and may be there already.</summary>
    public static async Task<LiveNode> StartOnAsync(string dataFolder, params string[] settings)
    {
        if (!System.IO.Directory.EnumerateFileSystemEntries(dataFolder).Any())
        {
            await CreateUsersAsync(dataFolder);
        }

        return await StartAsync(Load(dataFolder, settings), null);
    }

    /// <summary>One of several on a PostgreSQL database, which has its tables and users.</summary>
    public static Task<LiveNode> StartInClusterAsync(string connectionString, params string[] settings)
    {
        var folder = new TemporaryFolder();
        string[] database = ["Storage:Provider=postgres", $"Storage:ConnectionString={connectionString}"];
        return StartAsync(Load(folder.Path, [.. database, .. settings]), folder);
    }

    /// <summary>The way of a running node to its end, as SIGTERM begins it.</summary>
    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            await _host.WaitForShutdownAsync(CancellationToken.None);
            await _host.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Api.Dispose();
        _ownFolder?.Dispose();
    }

    private static MailClusterOptions Load(string dataFolder, string[] settings) => LoadedConfiguration
        .Load(new ConfigurationSources { DataFolder = dataFolder, Assignments = [.. BaseSettings, .. settings] })
        .Options;

    private static async Task<LiveNode> StartAsync(MailClusterOptions options, TemporaryFolder? ownFolder)
    {
        var host = await NodeHost.CreateAsync(options, CancellationToken.None);
        await host.StartAsync(CancellationToken.None);
        var node = new LiveNode(host, options, ownFolder);
        await Patience.WaitForAsync("the node's readiness", node.IsReadyAsync, isReady => isReady);
        return node;
    }

    /// <summary>Until then it takes clients and makes them wait; a stop would wait for the cluster's start.</summary>
    private async Task<bool> IsReadyAsync()
    {
        using var response = await Api.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return response.IsSuccessStatusCode;
    }

    private static async Task CreateUsersAsync(string dataFolder)
    {
        var folder = new SqliteStorageOptions(dataFolder);
        await using var storage = await SqliteStorage.OpenAsync(folder, TimeProvider.System);
        IDirectoryAdministration directory = storage.Administration;
        await directory.AddDomainAsync(ExampleDomain.Name, CancellationToken.None);
        foreach (var (user, password) in DialogText.Passwords)
        {
            var address = new MailAddress(user, ExampleDomain.Name);
            await directory.AddAccountAsync(address, ScramVerifier.Create(password), null, CancellationToken.None);
        }
    }
}
