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
    private const int Largest = 3;

    /// <summary>The first 20,000 messages of a node cost up to three times the rest: its code is being compiled.</summary>
    private const int WarmUpRounds = 2;

    public override string Name => "cost";

    public override async Task RunAsync(Report report)
    {
        var clusters = new List<FaultCluster>();
        try
        {
            for (var nodes = 1; nodes <= Largest; nodes++)
            {
                clusters.Add(await FaultCluster.StartAsync(nodes, new LoopbackNetwork(), null, "Logging:Level=Warning"));
            }

            await MeasureAsync(clusters, report);
        }
        finally
        {
            foreach (var cluster in clusters)
            {
                await cluster.DisposeAsync();
            }
        }
    }

    /// <summary>In turn, so that what else this machine does costs all of them alike.</summary>
    private async Task MeasureAsync(List<FaultCluster> clusters, Report report)
    {
        var rounds = new List<Cost[]>();
        for (var round = 0; round < WarmUpRounds + Settings.Choose(3, 5); round++)
        {
            var costs = new Cost[clusters.Count];
            for (var i = 0; i < clusters.Count; i++)
            {
                costs[i] = await RunRoundAsync(
                    clusters[i], round, clusters[i].Nodes.Count * Settings.Choose(MessagesPerRound / 5, MessagesPerRound));
            }

            rounds.Add(costs);
        }

        rounds.RemoveRange(0, WarmUpRounds);
        for (var i = 0; i < clusters.Count; i++)
        {
            report.Note($"{Name}: {clusters[i].Nodes.Count} nodes, {Median(rounds, costs => costs[i].Rate):0}/s: "
                + $"{Median(rounds, costs => costs[i].Nodes):0.00} s of processor time for 1,000 messages, PostgreSQL "
                + $"{Median(rounds, costs => costs[i].Database):0.00} s");
        }

        var growth = Median(rounds, static costs => costs[^1].All / costs[0].All);
        report.Note($"{Name}: three nodes cost {growth:0.00} times what one costs for a message");
        if (Settings.Full && growth > MaxGrowth)
        {
            throw new FaultException($"three nodes cost {growth:0.00} times what one does, more than {MaxGrowth}");
        }
    }

    private static double Median(List<Cost[]> rounds, Func<Cost[], double> figure) =>
        rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

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
