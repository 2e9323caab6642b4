using MailCluster.Benchmarks.Report;
using MailCluster.Benchmarks.Servers;
using MailCluster.Ledger;

namespace MailCluster.Benchmarks.Imap;

/// <summary>
/// What an idle connection costs: so many clients that log in, select their INBOX and idle. Of the memory of all the
/// server's processes, what they share is counted once. Dovecot is measured with its default, a process for each
/// client, and with hibernation, which hands idle clients to one process.
/// </summary>
internal sealed class ImapMemoryRun(ImapBenchmark benchmark)
{
    private const double Kibibyte = 1024;
    private const int SmallBuffer = 4096;

    public async Task MeasureAsync(IReadOnlyCollection<string> wanted)
    {
        var sizes = benchmark.Sizes;
        double[] ours = wanted.Contains("mailcluster") ? [await MeasureMailClusterAsync()] : [];
        double[] processes = [];
        double[] hibernating = [];
        if (wanted.Contains("dovecot"))
        {
            processes = [await MeasureDovecotAsync(sizes.DovecotIdleProcesses, DovecotSetup.ManyIdle)];
            hibernating = [await MeasureDovecotAsync(sizes.DovecotIdleConnections, DovecotSetup.ManyHibernating)];
        }

        var what = $"memory of an idle connection, of {sizes.IdleConnections:#,0}";
        Report($"{what}; Dovecot hibernates its {sizes.DovecotIdleConnections:#,0}", ours, hibernating);
        Report($"{what}; Dovecot has a process for each of {sizes.DovecotIdleProcesses:#,0}", ours, processes);
    }

    private void Report(string what, double[] ours, double[] theirs) => benchmark.Table.Add(
        what, Text(ours), Text(theirs), Ratio.Of(ours, theirs, (our, their) => their / our));

    private static string Text(double[] kibibytes) => kibibytes.Length > 0 ? $"{kibibytes[0]:0.0} KiB" : "";

    private async Task<double> MeasureMailClusterAsync()
    {
        await using var cluster = await benchmark.StartMailClusterAsync();
        return await MeasureAsync(cluster, benchmark.Sizes.IdleConnections);
    }

    private async Task<double> MeasureDovecotAsync(int connections, DovecotSetup setup)
    {
        await using var dovecot = await DovecotServer.StartAsync(
            benchmark.Settings.NewFolder(), NodeProcess.FreePort(), setup);
        return await MeasureAsync(dovecot, connections);
    }

    private static async Task<double> MeasureAsync(IImapServer server, int connections)
    {
        const int First = 50;
        List<ImapConnection> open = [];
        try
        {
            // The first ones fill caches, start processes and compile what is hot.
            await AddAsync(server, open, First);
            var before = await SettledMemoryAsync(server);
            await AddAsync(server, open, connections);
            return (await SettledMemoryAsync(server) - before) / Kibibyte / connections;
        }
        finally
        {
            open.ForEach(c => c.Dispose());
        }
    }

    /// <summary>When nothing is done and nothing given back any more: hibernation comes late.</summary>
    private static async Task<long> SettledMemoryAsync(IImapServer server)
    {
        const double Same = 0.99;
        await Quiet.WaitAsync(server);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var poll = new PeriodicTimer(TimeSpan.FromSeconds(3));
        var before = server.Memory;
        while (await poll.WaitForNextTickAsync(patience.Token))
        {
            var now = server.Memory;
            if (now > before * Same)
            {
                return now;
            }

            before = now;
        }

        return before;
    }

    private static async Task AddAsync(IImapServer server, List<ImapConnection> open, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var connection = await ImapConnection.LogInAsync(server.Port, ImapAccounts.Of(i), SmallBuffer);
            open.Add(connection);
            await connection.RunAsync("SELECT INBOX");
            await connection.StartIdleAsync();
        }
    }
}
