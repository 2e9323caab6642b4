using MailCluster.Benchmarks.Servers;
using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load;

namespace MailCluster.Faults.Scenarios;

/// <summary>Processor time for each message with one, two and three nodes: what it costs to be a cluster.</summary>
internal sealed class CostScenario(FaultSettings settings) : Scenario(settings)
{
    private const double MaxGrowth = 1.25;
    private const int WarmUpPerNode = 3_000;

    public override string Name => "cost";

    public override async Task RunAsync(Report report)
    {
        var costs = new List<double>();
        for (var nodes = 1; nodes <= 3; nodes++)
        {
            costs.Add(await MeasureAsync(nodes, report));
        }

        report.Note($"{Name}: three nodes cost {costs[2] / costs[0]:0.00} times what one costs for a message");
        // A few thousand messages are not enough to tell: the compiler is still at work on each node.
        if (Settings.Full && costs[2] > costs[0] * MaxGrowth)
        {
            throw new FaultException($"three nodes cost {costs[2] / costs[0]:0.00} times what one does, more than {MaxGrowth}");
        }
    }

    /// <summary>Seconds for a thousand messages.</summary>
    private async Task<double> MeasureAsync(int nodes, Report report)
    {
        var count = Settings.Choose(5_000, 30_000);
        await using var cluster = await FaultCluster.StartAsync(nodes, new LoopbackNetwork(), null, "Logging:Level=Warning");
        var addresses = cluster.Nodes.Select(node => node.Smtp).ToArray();
        await BulkSender.SendAsync(addresses, "warm", WarmUpPerNode * nodes);
        await DeliveredAsync(cluster, WarmUpPerNode * nodes);
        var before = ProcessorTime(cluster);
        var database = ProcessFigures.ProcessorTime(cluster.Postgres.ProcessId);
        await BulkSender.SendAsync(addresses, "cost", count);
        await DeliveredAsync(cluster, (WarmUpPerNode * nodes) + count);
        var perThousand = (ProcessorTime(cluster) - before).TotalSeconds * 1000 / count;
        database = ProcessFigures.ProcessorTime(cluster.Postgres.ProcessId) - database;
        report.Note($"{Name}: {nodes} nodes: {perThousand:0.00} s of processor time for 1,000 messages, "
            + $"PostgreSQL {database.TotalSeconds * 1000 / count:0.00} s");
        return perThousand;
    }

    private static Task DeliveredAsync(FaultCluster cluster, int count) => Wait.UntilAsync(
        $"{count} messages are delivered",
        () => Task.FromResult(cluster.Hops.Sum(hop => hop.AttemptedAt.Count) >= count),
        TimeSpan.FromMinutes(3));

    private static TimeSpan ProcessorTime(FaultCluster cluster) => cluster.Running.Aggregate(
        TimeSpan.Zero, (sum, node) => sum + ProcessFigures.ProcessorTime(node.ProcessId));
}
