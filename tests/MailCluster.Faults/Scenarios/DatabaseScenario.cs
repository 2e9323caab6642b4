using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Scenarios;

/// <summary>PostgreSQL is stopped, its connections are cut, its disk is full: senders wait, and all goes on by itself.</summary>
internal sealed class DatabaseScenario(FaultSettings settings) : Scenario(settings)
{
    private const long LeftFree = 64 << 10;

    public override string Name => "database";

    public override async Task RunAsync(Report report)
    {
        var disk = Environment.IsPrivilegedProcess ? await SmallDisk.MountAsync() : null;
        try
        {
            await using var cluster = await FaultCluster.StartAsync(3, new LoopbackNetwork(), disk?.Folder, "Logging:Level=Warning");
            StartLoad(cluster);
            await Task.Delay(TimeSpan.FromSeconds(3));
            foreach (var seconds in Settings.Choose<int[]>([5], [5, 15, 60]))
            {
                await cluster.Postgres.StopAsync();
                await Task.Delay(TimeSpan.FromSeconds(seconds));
                await cluster.Postgres.StartAsync();
                await ReportAsync(cluster, report, $"PostgreSQL was away for {seconds} s");
            }

            await cluster.Postgres.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
            await ReportAsync(cluster, report, "all connections were cut");
            if (disk is not null)
            {
                await FillAsync(cluster, disk);
                await ReportAsync(cluster, report, "the disk was full");
            }

            await SettleAsync(cluster, report);
        }
        finally
        {
            await (disk?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task ReportAsync(FaultCluster cluster, Report report, string what)
    {
        var accepted = cluster.Ledger.Accepted;
        var back = await Wait.UntilAsync(
            $"mail is taken again after {what}",
            () => Task.FromResult(cluster.Ledger.Accepted > accepted + 20),
            TimeSpan.FromSeconds(90));
        var whole = await cluster.WaitUntilWholeAsync();
        report.Note($"{Name}: {what}; mail again after {back.TotalSeconds:0.0} s, all nodes ready {whole.TotalSeconds:0.0} s later");
    }

    /// <summary>Until somebody is refused for it; then there is room again.</summary>
    private static async Task FillAsync(FaultCluster cluster, SmallDisk disk)
    {
        disk.Fill(LeftFree);
        await Wait.UntilAsync(
            "a sender hears that the disk is full",
            () => Task.FromResult(cluster.Ledger.Refusals.Keys.Any(reply => reply.StartsWith("452", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(60));
        disk.Free();
    }
}
