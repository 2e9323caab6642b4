using System.Diagnostics;
using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load;

namespace MailCluster.Faults.Scenarios;

/// <summary>
/// Thousands of deferred messages, tried every half a minute: how long after the death of their node is the next attempt
/// made of those whose turn would have come within seconds?
/// </summary>
internal sealed class FailOverTimeScenario(FaultSettings settings) : Scenario(settings)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);

    /// <summary>Until then every attempt after the fault is the first one.</summary>
    private static readonly TimeSpan Observed = RetryDelay - TimeSpan.FromSeconds(2);

    /// <summary>Messages due later than this after the fault wait for their schedule, not for the fail-over.</summary>
    private static readonly TimeSpan DueSoon = TimeSpan.FromSeconds(5);

    public override string Name => "failover";

    public override async Task RunAsync(Report report)
    {
        var count = Settings.Choose(2_000, 10_000);
        await using var cluster = await FaultCluster.StartAsync(
            3, new LoopbackNetwork(), null, "Queue:RetryDelays=30s", "Logging:Level=Warning", "Queue:DelayNoticeAfter=1d");
        await cluster.WaitUntilSharedAsync();
        foreach (var hop in cluster.Hops)
        {
            hop.DefersAll = true;
        }

        var partitions = await BulkSender.SendAsync([.. cluster.Nodes.Select(node => node.Smtp)], "failover", count);
        await Wait.UntilAsync(
            "all were tried once", () => Task.FromResult(Attempts(cluster).Count == count), TimeSpan.FromMinutes(3));
        await Task.Delay(RetryDelay);
        await MeasureAsync(cluster, partitions, report, "kill -9", cluster.Nodes[0], node => node.KillAsync(), limit: 15);
        await cluster.Nodes[0].StartAsync();
        await cluster.WaitUntilWholeAsync();
        await cluster.WaitUntilSharedAsync();
        await Task.Delay(RetryDelay + RetryDelay);
        await MeasureAsync(cluster, partitions, report, "SIGTERM", cluster.Nodes[1], node => node.StopAsync(), limit: 2);
    }

    private static Dictionary<string, long> Attempts(FaultCluster cluster) =>
        cluster.Hops.SelectMany(hop => hop.AttemptedAt).ToDictionary(attempt => attempt.Key, attempt => attempt.Value);

    private static string[] DueSoonAmong(string[] messages, Dictionary<string, long> attempts) =>
        [.. messages.Where(message => RetryDelay - Stopwatch.GetElapsedTime(attempts[message]) <= DueSoon)];

    private async Task MeasureAsync(
        FaultCluster cluster, IReadOnlyDictionary<string, int> partitions, Report report, string fault, ClusterNode node,
        Func<ClusterNode, Task> strike, int limit)
    {
        var struck = (await node.GetPartitionsAsync()).ToHashSet();
        var held = partitions.Where(message => struck.Contains(message.Value)).Select(message => message.Key).ToArray();
        string[] due = [];
        await Wait.UntilAsync(
            $"a fifth of the {held.Length} messages of node {node.Number} is due soon",
            () =>
            {
                due = DueSoonAmong(held, Attempts(cluster));
                return Task.FromResult(due.Length > held.Length / 5);
            },
            RetryDelay + RetryDelay);
        var at = Stopwatch.GetTimestamp();
        var striking = strike(node);
        await Task.Delay(Observed);
        await striking;
        var after = Attempts(cluster);
        var waits = due
            .Select(message => after[message] > at ? Stopwatch.GetElapsedTime(at, after[message]) : TimeSpan.MaxValue)
            .Order().ToArray();
        if (waits.Length == 0)
        {
            throw new FaultException($"{fault}: no message of node {node.Number} was due: nothing was measured");
        }

        var (median, worst) = (waits[waits.Length / 2], waits[(int)(waits.Length * 0.99)]);
        report.Note($"{Name}: {fault}: next attempt of {waits.Length} messages of {struck.Count} partitions that were due: p50 "
            + $"{median.TotalSeconds:0.0} s, p99 {worst.TotalSeconds:0.0} s, last {waits[^1].TotalSeconds:0.0} s");
        if (worst > TimeSpan.FromSeconds(limit) + DueSoon && fault == "SIGTERM" || worst == TimeSpan.MaxValue)
        {
            throw new FaultException($"{fault}: p99 of {worst.TotalSeconds:0.0} s");
        }

        if (worst > TimeSpan.FromSeconds(limit))
        {
            report.Note($"{Name}: {fault}: above the aim of {limit} s");
        }
    }
}
