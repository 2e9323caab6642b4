using System.Diagnostics;
using System.Net;
using MailCluster.Faults.Cluster;
using MailCluster.Faults.Rehearsal;
using MailCluster.Kubernetes.Tests.Rendering;

namespace MailCluster.Faults.Scenarios;

/// <summary>
/// The dev overlay as Kubernetes would run it, with processes for containers: applied, filled with mail, updated, and
/// bereft of a machine. No container may be killed by a probe, nor one that is told to end.
/// </summary>
internal sealed class RehearsalScenario(FaultSettings settings) : Scenario(settings)
{
    private const string AccessPort = "pop3s";
    private const int Warm = 200;
    private const int Mebi = 1 << 20;

    public override string Name => "rehearsal";

    public override async Task<string?> FindMissingAsync() =>
        await base.FindMissingAsync() ?? Kubectl.Missing ?? ClusterDns.Missing
            ?? await NamespaceNetwork.FindMissingAsync();

    public override async Task RunAsync(Report report)
    {
        var clock = Stopwatch.StartNew();
        await using var cluster = await RehearsalCluster.ApplyAsync(core: 3, smtp: 2);
        // Those that were there before the tables.
        var restarts = cluster.Pods.Sum(pod => pod.Restarts);
        report.Note($"{Name}: all pods ready {clock.Elapsed.TotalSeconds:0.0} s after apply, containers started again "
            + $"{restarts} times before");
        await AddAccountsAsync(cluster);
        StartLoad(() => cluster.Smtp, cluster.Ledger);
        await Wait.UntilAsync(
            "mail is through", () => Task.FromResult(cluster.Ledger.Accepted > Warm), TimeSpan.FromMinutes(1));
        await RollAsync(cluster, report);
        // The first that was updated is the oldest of its kind, and moves the others' shards.
        await LoseAsync(cluster, cluster.CoreSet, cluster.CoreSet.Pods.Keys.Max(), report);
        if (Settings.Full)
        {
            await LoseAsync(cluster, cluster.Sets.Single(set => set != cluster.CoreSet), 0, report);
        }

        await SettleAsync(cluster, report);
        Judge(cluster, restarts, report);
    }

    /// <summary>What an apply with a new image does: each StatefulSet by itself, both at the same time.</summary>
    private async Task RollAsync(RehearsalCluster cluster, Report report)
    {
        var clock = Stopwatch.StartNew();
        cluster.Ledger.ResetLongestWait();
        await Task.WhenAll(cluster.Sets.Select(set => set.RollAsync(report)));
        report.Note($"{Name}: rolling update took {clock.Elapsed.TotalSeconds:0} s, longest wait for a 250 "
            + $"{cluster.Ledger.LongestWait.TotalSeconds:0.0} s");
    }

    /// <summary>The machine of a pod is gone; another pod of its name comes when the others go on without it.</summary>
    private async Task LoseAsync(RehearsalCluster cluster, StatefulSet set, int ordinal, Report report)
    {
        var lost = set.Pods[ordinal];
        var clock = Stopwatch.StartNew();
        cluster.Ledger.ResetLongestWait();
        await set.LoseAsync(ordinal);
        await cluster.WaitUntilMembersAsync([.. cluster.Pods.Where(pod => pod != lost)]);
        report.Note($"{Name}: {lost.Name} lost with its machine, the others without it after "
            + $"{clock.Elapsed.TotalSeconds:0.0} s");
        await set.ReplaceAsync(ordinal);
        await cluster.WaitUntilMembersAsync([.. cluster.Pods]);
        report.Note($"{Name}: {lost.Name} is at {set.Pods[ordinal].Address} instead of {lost.Address} after "
            + $"{clock.Elapsed.TotalSeconds:0.0} s, longest wait for a 250 "
            + $"{cluster.Ledger.LongestWait.TotalSeconds:0.0} s");
    }

    /// <summary>Nothing was killed by a probe, ended by itself, or had more memory than it may have.</summary>
    private void Judge(RehearsalCluster cluster, int restartsBefore, Report report)
    {
        var wrong = new List<string>();
        var restarts = cluster.Sets.SelectMany(set => set.All).Sum(pod => pod.Restarts) - restartsBefore;
        if (restarts > 0)
        {
            wrong.Add($"{restarts} containers were started again");
        }

        foreach (var set in cluster.Sets)
        {
            var peak = set.All.Max(pod => pod.PeakMemory);
            report.Note($"{Name}: {set.Name}: {set.All.Sum(pod => pod.RestartsByProbe)} restarts by probes, at most "
                + $"{peak / Mebi} MiB of {set.MemoryLimit / Mebi}");
            wrong.AddRange(set.All.Where(pod => pod.RestartsByProbe > 0)
                .Select(pod => $"{pod.Name} was killed by a probe"));
            wrong.AddRange(set.All.Where(pod => pod.PeakMemory > set.MemoryLimit)
                .Select(pod => $"{pod.Name} had too much memory"));
        }

        if (wrong.Count > 0)
        {
            throw new FaultException($"{string.Join("; ", wrong)}; see {cluster.Folder}");
        }
    }

    /// <summary>As k8s/README.md says.</summary>
    private static async Task AddAccountsAsync(RehearsalCluster cluster)
    {
        var pod = cluster.CoreSet.Pods[0];
        await pod.ExecuteAsync("", "mailcluster", "domain", "add", FaultCluster.Domain);
        foreach (var user in (string[])["bob", "alice"])
        {
            var address = $"{user}@{FaultCluster.Domain}";
            await pod.ExecuteAsync(
                FaultCluster.Password + "\n", "mailcluster", "account", "add", address, "--password-stdin");
        }
    }

    private async Task SettleAsync(RehearsalCluster cluster, Report report)
    {
        await StopLoadAsync();
        var pod = cluster.CoreSet.Pods[0];
        using var api = cluster.ApiOf(pod);
        var pop3s = new IPEndPoint(pod.Address, pod.Port(AccessPort));
        await CountAsync(api, pop3s, cluster.Ledger, cluster.Folder, report);
    }
}
