using System.Diagnostics;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Scenarios;

/// <summary>
/// Nodes that know each other by a name alone find together: when all start at once, while the name says nothing, too
/// much, or cannot be asked for, and where they do not see each other. Never may two of them found a cluster.
/// </summary>
internal sealed class FormationScenario(FaultSettings settings) : Scenario(settings)
{
    private const string Namespace = "mail";
    private const string Service = "nodes";
    private const string FoundingLine = "founds the cluster";
    private const string AskingLine = "Asking 3 nodes"; // two others and nobody
    private const int Nobody = 99;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(20);
    /// <summary>Longer than the register takes a silent node for a member.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private int _founded;

    public override string Name => "formation";

    public override async Task<string?> FindMissingAsync() =>
        await base.FindMissingAsync() ?? ClusterDns.Missing ?? await NamespaceNetwork.FindMissingAsync();

    public override async Task RunAsync(Report report)
    {
        var network = await NamespaceNetwork.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("mailcluster-dns-").FullName;
        using var dns = await ClusterDns.StartAsync(network.Host, folder);
        network.ResolvConf = dns.ResolvConf(Namespace);
        await using var cluster = await FaultCluster.StartAsync(0, network, null, "Cluster:Seeds=", $"Cluster:Discovery={Service}");

        await FormAsync("three start at once, of a name that nobody knows", 1, () => cluster.GrowAsync(3));

        await Task.WhenAll(cluster.Nodes.Select(node => node.KillAsync()));
        await PublishAsync(1, 2, 3, Nobody);
        await FormAsync("all three killed, and started again with a dead address beside theirs", 1, () => StartAllAsync(cluster));
        if (!cluster.Nodes.All(node => node.CountLogged(AskingLine) > 0))
        {
            throw new FaultException($"the name led to nobody; logs in {cluster.Folder}");
        }

        await PublishAsync(Nobody);
        await FormAsync("a fourth, which is told of a dead address alone", 0, () => cluster.GrowAsync(4));

        dns.Dispose();
        await FormAsync("a fifth, while the name server is silent", 0, () => cluster.GrowAsync(5));

        await FormAsync(
            $"a node killed while the database is away for {Away.TotalSeconds} s, started when it is back, of a name that says nothing",
            0,
            () => StartBehindDatabaseAsync(cluster));

        await Task.WhenAll(cluster.Nodes.Select(node => node.StopAsync()));
        await FormAsync($"two that do not see each other for {Apart.TotalSeconds} s", 1, () => StartApartAsync(cluster, network));

        Task PublishAsync(params int[] nodes) => dns.PublishAsync(
            nodes.Select(node => ($"{Service}.{Namespace}.svc.cluster.local", network.AddressOf(node))));

        async Task FormAsync(string what, int founders, Func<Task> act)
        {
            var clock = Stopwatch.StartNew();
            await act();
            report.Note($"{Name}: {what}: one cluster after {clock.Elapsed.TotalSeconds:0.0} s");
            _founded += founders;
            var founded = CountFounded(cluster);
            if (founded != _founded)
            {
                throw new FaultException($"{founded} clusters were founded instead of {_founded}; logs in {cluster.Folder}");
            }
        }
    }

    /// <summary>By then the register takes nobody for a member any more; all are, and say so within seconds.</summary>
    private static async Task StartBehindDatabaseAsync(FaultCluster cluster)
    {
        var node = cluster.Nodes[^1];
        await cluster.Postgres.StopAsync();
        await node.KillAsync();
        await Task.Delay(Away);
        await cluster.Postgres.StartAsync();
        await node.StartAsync();
        await cluster.WaitUntilWholeAsync();
    }

    private static async Task StartAllAsync(FaultCluster cluster)
    {
        await Task.WhenAll(cluster.Nodes.Select(node => node.StartAsync()));
        await cluster.WaitUntilWholeAsync();
    }

    /// <summary>One of the two founds; the other waits, takes no mail, and gets in once it sees the first.</summary>
    private static async Task StartApartAsync(FaultCluster cluster, NamespaceNetwork network)
    {
        ClusterNode[] two = [cluster.Nodes[0], cluster.Nodes[1]];
        await network.CutAsync(two[0].Number, two[1].Number);
        await network.CutAsync(two[1].Number, two[0].Number);
        foreach (var node in two)
        {
            node.Launch();
        }

        await Wait.UntilAsync("one of the two is ready", async () => await CountReadyAsync(two) > 0, StartPatience);
        var clock = Stopwatch.StartNew();
        await Wait.UntilAsync(
            "the time apart is over",
            async () => await CountReadyAsync(two) < 2
                ? clock.Elapsed > Apart
                : throw new FaultException($"both nodes are ready; logs in {cluster.Folder}"),
            Apart + Apart);
        await network.HealAsync(two[0].Number, two[1].Number);
        await network.HealAsync(two[1].Number, two[0].Number);
        await cluster.WaitUntilWholeAsync();
    }

    private static async Task<int> CountReadyAsync(IEnumerable<ClusterNode> nodes) =>
        (await Task.WhenAll(nodes.Select(node => node.Api.IsReadyAsync()))).Count(ready => ready);

    private static int CountFounded(FaultCluster cluster) => cluster.Nodes.Sum(node => node.CountLogged(FoundingLine));
}
