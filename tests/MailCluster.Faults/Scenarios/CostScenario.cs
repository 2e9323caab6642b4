using System.Diagnostics;
using MailCluster.Benchmarks.Servers;
using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load;

namespace MailCluster.Faults.Scenarios;

/// <summary>
/// Processor time for each message with one, two and three nodes, each with as many senders as one has alone: what it
/// costs to be a cluster.
/// </summary>
internal sealed class CostScenario(FaultSettings settings) : Scenario(settings)
{
    private const double MaxGrowth = 1.25;
    private const int MessagesPerRound = 10_000;
    private const int Rounds = 3;

    /// <summary>The first 20,000 messages of a node cost up to three times the rest: its code is being compiled.</summary>
    private const int WarmUpRounds = 2;

    public override string Name => "cost";

    public override async Task RunAsync(Report report)
    {
        var costs = new List<double>();
        for (var nodes = 1; nodes <= 3; nodes++)
        {
            costs.Add(await MeasureAsync(nodes, report));
        }

        report.Note($"{Name}: three nodes cost {costs[2] / costs[0]:0.00} times what one costs for a message");
        if (Settings.Full && costs[2] > costs[0] * MaxGrowth)
        {
            throw new FaultException($"three nodes cost {costs[2] / costs[0]:0.00} times what one does, more than {MaxGrowth}");
        }
    }

    /// <summary>Seconds for a thousand messages, of nodes and database; median of the rounds.</summary>
    private async Task<double> MeasureAsync(int nodes, Report report)
    {
        await using var cluster = await FaultCluster.StartAsync(nodes, new LoopbackNetwork(), null, "Logging:Level=Warning");
        var rounds = new List<Cost>();
        for (var round = 1; round <= WarmUpRounds + Rounds; round++)
        {
            rounds.Add(await RunRoundAsync(cluster, round, nodes * Settings.Choose(MessagesPerRound / 5, MessagesPerRound)));
        }

        var median = rounds.Skip(WarmUpRounds).OrderBy(cost => cost.All).ElementAt(Rounds / 2);
        report.Note($"{Name}: {nodes} nodes, {median.Rate:0}/s: {median.Nodes:0.00} s of processor time for 1,000 messages, "
            + $"PostgreSQL {median.Database:0.00} s");
        return median.All;
    }

    private static async Task<Cost> RunRoundAsync(FaultCluster cluster, int round, int count)
    {
        var nodes = ProcessorTime(cluster);
        var database = ProcessFigures.ProcessorTime(cluster.Postgres.ProcessId);
        var before = cluster.Hops.Sum(hop => hop.AttemptedAt.Count);
        var clock = Stopwatch.StartNew();
        await BulkSender.SendAsync([.. cluster.Nodes.Select(node => node.Smtp)], $"cost{round}-", count);
        await Wait.UntilAsync(
            $"{count} messages are delivered",
            () => Task.FromResult(cluster.Hops.Sum(hop => hop.AttemptedAt.Count) >= before + count),
            TimeSpan.FromMinutes(3));
        nodes = ProcessorTime(cluster) - nodes;
        database = ProcessFigures.ProcessorTime(cluster.Postgres.ProcessId) - database;
        return new Cost(PerThousand(nodes), PerThousand(database), count / clock.Elapsed.TotalSeconds);

        double PerThousand(TimeSpan time) => time.TotalSeconds * 1000 / count;
    }

    private static TimeSpan ProcessorTime(FaultCluster cluster) => cluster.Running.Aggregate(
        TimeSpan.Zero, (sum, node) => sum + ProcessFigures.ProcessorTime(node.ProcessId));

    /// <param name="Nodes">Seconds for 1,000 messages.</param>
    /// <param name="Database">Seconds for 1,000 messages.</param>
    /// <param name="Rate">Messages in a second.</param>
    private sealed record Cost(double Nodes, double Database, double Rate)
    {
        public double All => Nodes + Database;
    }
}
