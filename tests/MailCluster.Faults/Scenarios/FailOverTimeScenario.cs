using System.Diagnostics;
using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load;

namespace MailCluster.Faults.Scenarios;

/// <summary>
/// Thousands of deferred messages, tried every half a minute: how late is the next attempt of those that are due while
/// their node dies? Counted from the fault, or from when it was due, whichever is later.
/// </summary>
internal sealed class FailOverTimeScenario(FaultSettings settings) : Scenario(settings)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);

    /// <summary>Until then every attempt after the fault is the first one.</summary>
    private static readonly TimeSpan Observed = RetryDelay - TimeSpan.FromSeconds(2);

    /// <summary>Of the node's messages; fewer would be no measure.</summary>
    private const double MinShare = 0.04;

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

        var partitions = await BulkSender.SendAsync([.. cluster.Nodes.Select(node => node.Smtp)], "failover", count, over: RetryDelay);
        await Wait.UntilAsync(
            "all were tried once", () => Task.FromResult(Attempts(cluster).Count == count), TimeSpan.FromMinutes(3));
        await Task.Delay(RetryDelay);
        await MeasureAsync(cluster, partitions, report, "kill -9", cluster.Nodes[0], node => node.KillAsync(), dueWithin: 2, aim: 15);
        await cluster.Nodes[0].StartAsync();
        await cluster.WaitUntilWholeAsync();
        await cluster.WaitUntilSharedAsync();
        await Task.Delay(RetryDelay + RetryDelay);
        await MeasureAsync(cluster, partitions, report, "SIGTERM", cluster.Nodes[1], node => node.StopAsync(), dueWithin: 5, aim: 2);
    }

    private static Dictionary<string, long> Attempts(FaultCluster cluster) =>
        cluster.Hops.SelectMany(hop => hop.AttemptedAt).ToDictionary(attempt => attempt.Key, attempt => attempt.Value);

    private static TimeSpan UntilDue(string message, Dictionary<string, long> attempts) =>
        RetryDelay - Stopwatch.GetElapsedTime(attempts[message]);

    private async Task MeasureAsync(
        FaultCluster cluster, IReadOnlyDictionary<string, int> partitions, Report report, string fault, ClusterNode node,
        Func<ClusterNode, Task> strike, int dueWithin, int aim)
    {
        int[] struck = [];
        await Wait.UntilAsync(
            $"node {node.Number} says which partitions it has",
            async () => (struck = await node.Api.TryGetPartitionsAsync()).Length > 0,
            RetryDelay);
        var held = partitions.Where(message => struck.Contains(message.Value)).Select(message => message.Key).ToArray();
        // Those due while the node dies: later ones would wait for their schedule, and only make the figures look better.
        Dictionary<string, TimeSpan> due = [];
        await Wait.UntilAsync(
            $"enough of the {held.Length} messages of node {node.Number} are due soon",
            () =>
            {
                var attempts = Attempts(cluster);
                due = held.ToDictionary(message => message, message => UntilDue(message, attempts))
                    .Where(message => message.Value <= TimeSpan.FromSeconds(dueWithin)).ToDictionary();
                return Task.FromResult(due.Count >= held.Length * MinShare);
            },
            RetryDelay + RetryDelay);
        var at = Stopwatch.GetTimestamp();
        var striking = strike(node);
        await Task.Delay(Observed);
        await striking;
        Judge(report, fault, at, due, Attempts(cluster), aim);
    }

    private void Judge(
        Report report, string fault, long at, Dictionary<string, TimeSpan> due, Dictionary<string, long> after, int aim)
    {
        var late = due.Select(message => Late(message.Value, at, after[message.Key])).Order().ToArray();
        if (late.Length == 0)
        {
            throw new FaultException($"{fault}: no message was due: nothing was measured");
        }

        var (median, p99) = (late[late.Length / 2], late[(int)(late.Length * 0.99)]);
        report.Note($"{Name}: {fault}: {late.Length} messages of the node were due in the next seconds, their attempt late by "
            + $"p50 {median.TotalSeconds:0.0} s, p99 {p99.TotalSeconds:0.0} s, last {late[^1].TotalSeconds:0.0} s");
        if (p99 > TimeSpan.FromSeconds(aim))
        {
            throw new FaultException($"{fault}: p99 of {p99.TotalSeconds:0.0} s, more than {aim} s");
        }
    }

    /// <summary>For ever where there was no attempt.</summary>
    private static TimeSpan Late(TimeSpan untilDue, long at, long attemptedAt) => attemptedAt <= at
        ? TimeSpan.MaxValue
        : Stopwatch.GetElapsedTime(at, attemptedAt) - (untilDue > TimeSpan.Zero ? untilDue : TimeSpan.Zero);
}
