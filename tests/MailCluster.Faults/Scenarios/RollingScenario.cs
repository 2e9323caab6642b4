using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Scenarios;

/// <summary>All nodes are restarted, one after the other, and the cluster grows and shrinks: senders hear 421 at most.</summary>
internal sealed class RollingScenario(FaultSettings settings) : Scenario(settings)
{
    public override string Name => "rolling";

    public override async Task RunAsync(Report report)
    {
        await using var cluster = await FaultCluster.StartAsync(3, new LoopbackNetwork());
        StartLoad(cluster);
        await Task.Delay(TimeSpan.FromSeconds(3));
        foreach (var node in cluster.Nodes.Reverse())
        {
            var took = await node.StopAsync();
            await node.StartAsync();
            await cluster.WaitUntilWholeAsync();
            report.Note($"{Name}: node {node.Number} ended with 0 {took.TotalSeconds:0.0} s after SIGTERM and is back");
        }

        if (Settings.Full)
        {
            await cluster.GrowAsync(5);
            var shared = await cluster.WaitUntilSharedAsync();
            report.Note($"{Name}: five nodes, all with partitions {shared.TotalSeconds:0.0} s after the last was ready");
            await cluster.ShrinkAsync(2);
            report.Note($"{Name}: two nodes");
        }

        await SettleAsync(cluster, report);
        var worse = cluster.Ledger.Refusals.Keys.Where(reply => !reply.StartsWith("421", StringComparison.Ordinal)).ToArray();
        if (worse.Length > 0)
        {
            throw new FaultException($"senders heard more than 421: {string.Join("; ", worse)}");
        }

        if (cluster.Ledger.BrokenOff > 0)
        {
            throw new FaultException($"{cluster.Ledger.BrokenOff} connections ended within a mail transaction");
        }
    }
}
