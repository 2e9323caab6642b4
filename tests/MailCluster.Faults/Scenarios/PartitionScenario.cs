using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load;

namespace MailCluster.Faults.Scenarios;

/// <summary>
/// Links between nodes are cut, in both directions and in one, and made bad, while all of them reach clients and
/// database: the worst case, since a minority could still write.
/// </summary>
internal sealed class PartitionScenario(FaultSettings settings) : Scenario(settings)
{
    /// <summary>Seconds by which both sides must have found out.</summary>
    private const int Decided = 15;

    private static readonly TimeSpan SidePatience = TimeSpan.FromSeconds(5);

    public override string Name => "partition";

    public override async Task<string?> FindMissingAsync() =>
        await base.FindMissingAsync() ?? await NamespaceNetwork.FindMissingAsync();

    public override async Task RunAsync(Report report)
    {
        var network = await NamespaceNetwork.CreateAsync();
        await using var cluster = await FaultCluster.StartAsync(3, network);
        StartLoad(cluster);
        foreach (var seconds in Settings.Choose<int[]>([15], [10, 20, 30, 60]))
        {
            await CutAsync(cluster, network, report, seconds, bothWays: true);
            await CutAsync(cluster, network, report, seconds, bothWays: false);
        }

        await LoseAsync(cluster, network, report, Settings.Choose(15, 60));
        await SettleAsync(cluster, report);
    }

    private async Task CutAsync(FaultCluster cluster, NamespaceNetwork network, Report report, int seconds, bool bothWays)
    {
        await Task.Delay(TimeSpan.FromSeconds(2));
        var lone = cluster.Nodes[Random.Next(cluster.Nodes.Count)];
        var others = cluster.Nodes.Where(node => node != lone).ToArray();
        cluster.Ledger.ResetLongestWait();
        foreach (var other in others)
        {
            await network.CutAsync(lone.Number, other.Number);
            if (bothWays)
            {
                await network.CutAsync(other.Number, lone.Number);
            }
        }

        await Task.Delay(TimeSpan.FromSeconds(seconds));
        if (bothWays && seconds >= Decided)
        {
            await ExpectOneSideAsync(cluster, lone, others);
        }

        foreach (var other in others)
        {
            await network.HealAsync(lone.Number, other.Number);
            if (bothWays)
            {
                await network.HealAsync(other.Number, lone.Number);
            }
        }

        var healed = await cluster.WaitUntilWholeAsync();
        report.Note($"{Name}: node {lone.Number} cut off for {seconds} s {(bothWays ? "both ways" : "one way")}, one cluster again "
            + $"{healed.TotalSeconds:0.0} s after; longest wait for a 250 {cluster.Ledger.LongestWait.TotalSeconds:0.0} s");
    }

    /// <summary>The larger side takes mail, the other takes none, though it reaches clients and database.</summary>
    private static async Task ExpectOneSideAsync(FaultCluster cluster, ClusterNode lone, ClusterNode[] others)
    {
        foreach (var other in others)
        {
            await Wait.UntilAsync($"node {other.Number} of the larger side is ready", other.Api.IsReadyAsync, SidePatience);
            if (!await LedgerSender.IsTakenByAsync(other.Smtp, cluster.Ledger))
            {
                throw new FaultException($"node {other.Number} of the larger side took no mail; logs in {cluster.Folder}");
            }
        }

        if (await lone.Api.IsReadyAsync() || await LedgerSender.IsTakenByAsync(lone.Smtp, cluster.Ledger))
        {
            throw new FaultException($"node {lone.Number} took mail though it was alone; logs in {cluster.Folder}");
        }
    }

    private async Task LoseAsync(FaultCluster cluster, NamespaceNetwork network, Report report, int seconds)
    {
        const int Percent = 20;
        var node = cluster.Nodes[Random.Next(cluster.Nodes.Count)];
        cluster.Ledger.ResetLongestWait();
        await network.LoseAsync(node.Number, Percent);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await network.StopLosingAsync(node.Number);
        var healed = await cluster.WaitUntilWholeAsync();
        report.Note($"{Name}: {Percent} % of the packets to node {node.Number} lost for {seconds} s, one cluster "
            + $"{healed.TotalSeconds:0.0} s after; longest wait for a 250 {cluster.Ledger.LongestWait.TotalSeconds:0.0} s");
    }
}
