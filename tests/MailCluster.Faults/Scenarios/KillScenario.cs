using System.Diagnostics;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Scenarios;

/// <summary>kill -9: of a random node, of the oldest, of two out of five at once. Each starts again, and all go on.</summary>
internal sealed class KillScenario(FaultSettings settings) : Scenario(settings)
{
    private const int OldestEvery = 4;
    private const int TwoEvery = 5;

    private static readonly TimeSpan OldestPatience = TimeSpan.FromSeconds(30);

    public override string Name => "kill";

    public override async Task RunAsync(Report report)
    {
        var (rounds, nodes) = (Settings.Choose(3, 50), Settings.Choose(3, 5));
        await using var cluster = await FaultCluster.StartAsync(nodes, new LoopbackNetwork());
        StartLoad(cluster);
        var gap = TimeSpan.Zero;
        for (var round = 1; round <= rounds; round++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Next(500, 3000)));
            var victims = await ChooseAsync(cluster, round);
            cluster.Ledger.ResetLongestWait();
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(victims.Select(node => node.KillAsync()));
            await cluster.WaitUntilWholeAsync();
            var over = clock.Elapsed;
            await Task.WhenAll(victims.Select(node => node.StartAsync()));
            await cluster.WaitUntilWholeAsync();
            gap = cluster.Ledger.LongestWait > gap ? cluster.Ledger.LongestWait : gap;
            report.Note($"{Name}: round {round}, without {string.Join(" and ", victims.Select(node => node.Number))} after "
                + $"{over.TotalSeconds:0.0} s, whole again after {clock.Elapsed.TotalSeconds:0.0} s, {cluster.Ledger.Accepted} accepted");
        }

        await SettleAsync(cluster, report);
        report.Note($"{Name}: longest gap that a sender with retry saw: {gap.TotalSeconds:0.0} s");
    }

    private async Task<ClusterNode[]> ChooseAsync(FaultCluster cluster, int round)
    {
        var nodes = cluster.Nodes.ToArray();
        Random.Shuffle(nodes);
        if (round % OldestEvery == 2)
        {
            ClusterNode? oldest = null;
            await Wait.UntilAsync(
                "a node says that it is the oldest",
                async () => (oldest = await FindOldestAsync(nodes)) is not null,
                OldestPatience);
            return [oldest!];
        }

        return nodes[..(nodes.Length >= 5 && round % TwoEvery == 0 ? 2 : 1)];
    }

    private static async Task<ClusterNode?> FindOldestAsync(ClusterNode[] nodes)
    {
        foreach (var node in nodes)
        {
            try
            {
                if (await node.Api.IsOldestAsync())
                {
                    return node;
                }
            }
            catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
            {
                // In a hand-off: it is asked again.
            }
        }

        return null;
    }
}
