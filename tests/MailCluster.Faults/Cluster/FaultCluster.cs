using System.Net;
using MailCluster.Faults.Load;
using MailCluster.Testing;

namespace MailCluster.Faults.Cluster;

/// <summary>PostgreSQL, next hops, and nodes that can be broken in all ways. Owns all of it.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    public const string Domain = "hamburger.edu";
    public const string Password = "correct-horse";

    private static readonly TimeSpan FormPatience = TimeSpan.FromSeconds(120);

    private readonly List<ClusterNode> _nodes = [];
    private readonly string _dll;
    private readonly string[] _settings;

    private FaultCluster(string dll, string folder, Network network, PostgresServer postgres, Ledger ledger, string[] settings)
    {
        _dll = dll;
        Folder = folder;
        Network = network;
        Postgres = postgres;
        Ledger = ledger;
        Hops = [.. Enumerable.Range(0, ScriptedSink.Count).Select(_ => new ScriptedSink(network.Host, ledger))];
        _settings = settings;
    }

    public string Folder { get; }

    public Network Network { get; }

    public PostgresServer Postgres { get; }

    public Ledger Ledger { get; }

    /// <summary>Each is another next hop, so that there is a Destination for each.</summary>
    public ScriptedSink[] Hops { get; }

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    public IEnumerable<ClusterNode> Running => _nodes.Where(node => node.IsRunning);

    /// <param name="nodes">How many to begin with.</param>
    /// <param name="network">Becomes the cluster's.</param>
    /// <param name="postgresData">Where the database's files go; null for the temporary folder.</param>
    /// <param name="settings">Beside those of every cluster here.</param>
    public static async Task<FaultCluster> StartAsync(
        int nodes, Network network, string? postgresData = null, params string[] settings)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "../../../../../src/MailCluster.Node/bin/Release/net10.0/MailCluster.Node.dll");
        var folder = Directory.CreateTempSubdirectory("mailcluster-faults-").FullName;
        var postgres = await PostgresServer.StartInAsync(postgresData, $"listen_addresses=127.0.0.1,{network.Host}");
        var cluster = new FaultCluster(Path.GetFullPath(dll), folder, network, postgres, new Ledger(), settings);
        try
        {
            await cluster.PrepareAsync();
            await cluster.GrowAsync(nodes);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts nodes until there are so many, and waits until all see each other.</summary>
    public async Task GrowAsync(int count)
    {
        await Task.WhenAll((await AddAsync(count)).Select(node => node.StartAsync()));
        await WaitUntilWholeAsync();
    }

    /// <summary>Adds nodes until there are so many, and starts none of them.</summary>
    public async Task<IReadOnlyList<ClusterNode>> AddAsync(int count)
    {
        var added = new List<ClusterNode>();
        while (_nodes.Count < count)
        {
            var number = _nodes.Count + 1;
            await Network.AddNodeAsync(number);
            var node = new ClusterNode(
                number, Network.AddressOf(number), Network.WrapperOf(number), _dll, Folder, [.. Settings(number)]);
            _nodes.Add(node);
            added.Add(node);
        }

        return added;
    }

    /// <summary>Users beside those of every cluster here, with the same password.</summary>
    public Task AddUsersAsync(IEnumerable<string> users) => Task.WhenAll(users.Select(AddUserAsync));

    /// <summary>Until every running node sees all running nodes, and is ready.</summary>
    public Task<TimeSpan> WaitUntilWholeAsync() => Wait.UntilAsync(
        $"{Running.Count()} nodes are one cluster",
        async () =>
        {
            var running = Running.ToArray();
            foreach (var node in running)
            {
                try
                {
                    if (await node.Api.CountMembersAsync() != running.Length || !await node.Api.IsReadyAsync())
                    {
                        return false;
                    }
                }
                catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException or IOException)
                {
                    return false;
                }
            }

            return true;
        },
        FormPatience);

    /// <summary>Until every running node holds partitions of the queue: a new one has its share within half a minute.</summary>
    public Task<TimeSpan> WaitUntilSharedAsync() => Wait.UntilAsync(
        "every node has its share of the partitions",
        async () =>
        {
            foreach (var node in Running.ToArray())
            {
                if ((await node.Api.TryGetPartitionsAsync()).Length == 0)
                {
                    return false;
                }
            }

            return true;
        },
        TimeSpan.FromSeconds(30));

    /// <summary>The last one first.</summary>
    public async Task ShrinkAsync(int count)
    {
        while (_nodes.Count > count)
        {
            await _nodes[^1].StopAsync();
            _nodes[^1].Dispose();
            _nodes.RemoveAt(_nodes.Count - 1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        foreach (var hop in Hops)
        {
            hop.Dispose();
        }

        await Postgres.DisposeAsync();
        await Network.DisposeAsync();
    }

    private async Task PrepareAsync()
    {
        await CommandAsync("schema", "apply");
        await CommandAsync("domain", "add", Domain);
        foreach (var user in (string[])["bob", "alice"])
        {
            await AddUserAsync(user);
        }
    }

    private Task AddUserAsync(string user) => CommandAsync("account", "add", $"{user}@{Domain}", "--password-stdin");

    private Task CommandAsync(params string[] command) => Shell.RunWithInputAsync(
        Password + "\n",
        "dotnet",
        [_dll, .. command, "--data", Path.Combine(Folder, "commands"), .. Settings(1).SelectMany(s => (string[])["--set", s])]);

    private IEnumerable<string> Settings(int node)
    {
        var address = Network.AddressOf(node);
        var database = Path.Combine(Folder, "database");
        if (!File.Exists(database))
        {
            File.WriteAllText(database, Postgres.ConnectionString().Replace("127.0.0.1", Network.Host.ToString(), StringComparison.Ordinal));
        }

        yield return "Storage:Provider=postgres";
        yield return $"Storage:ConnectionStringFile={database}";
        yield return $"Cluster:Address={address}";
        yield return "Cluster:Port=4053";
        yield return $"Http:Address={address}";
        foreach (var listener in (string[])["smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s"])
        {
            yield return $"Listeners:{listener}:Address={address}";
        }

        yield return $"Smtp:RelayNetworks={IPNetwork.Parse("127.0.0.0/8")},{IPNetwork.Parse("10.0.0.0/8")}";
        yield return "Node:CreateExampleDomain=false";
        for (var hop = 0; hop < Hops.Length; hop++)
        {
            yield return $"Relay:Routes:{hop}:Domain={ScriptedSink.DomainOf(hop)}";
            yield return $"Relay:Routes:{hop}:Host={Network.Host}";
            yield return $"Relay:Routes:{hop}:Port={Hops[hop].Port}";
            yield return $"Relay:Routes:{hop}:Tls=none";
        }

        foreach (var setting in (string[])
            [
                "Queue:RetryDelays=2s", "Queue:Jitter=0%", "Queue:ResendAfter=2s", "Relay:MinBackOff=500ms",
                "Relay:MaxBackOff=1s", "Logging:Level=Information",
                $"Cluster:Seeds={Network.AddressOf(1)}:4053,{Network.AddressOf(2)}:4053",
            ])
        {
            if (!_settings.Any(own => own.Split('=')[0] == setting.Split('=')[0]))
            {
                yield return setting;
            }
        }

        foreach (var setting in _settings)
        {
            yield return setting;
        }
    }
}
