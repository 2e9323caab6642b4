using MailCluster.Benchmarks.Load;
using MailCluster.Benchmarks.Report;
using MailCluster.Benchmarks.Servers;
using MailCluster.Ledger;

namespace MailCluster.Benchmarks.Runs;

/// <summary>
/// Messages per second beside Postfix: both servers run all the time, and rounds of the one alternate with rounds of the
/// other, so that what else the machine does is shared out between them.
/// </summary>
internal sealed class ThroughputRun(BenchmarkSettings settings, Table table)
{
    /// <summary>Durable acceptance: the next hop takes nothing, so what was answered with 250 stays queued.</summary>
    public async Task MeasureAcceptanceAsync()
    {
        var closed = NodeProcess.FreePort();
        await using var cluster = await MailClusterServer.StartAsync(settings.Dll, settings.NewFolder(), closed);
        await using var postfix = await PostfixServer.StartAsync(
            settings.NewFolder(), NodeProcess.FreePort(), closed, deferred: true);
        foreach (var load in settings.Loads)
        {
            await MeasureAsync("accepted and kept", load, cluster, postfix, toCluster: null, toPostfix: null);
        }
    }

    /// <summary>From the first octet sent to the last message at the next hop.</summary>
    public async Task MeasureRelayAsync()
    {
        using var toCluster = new SmtpSink(NodeProcess.FreePort());
        using var toPostfix = new SmtpSink(NodeProcess.FreePort());
        await using var cluster = await MailClusterServer.StartAsync(
            settings.Dll, settings.NewFolder(), toCluster.Port);
        await using var postfix = await PostfixServer.StartAsync(
            settings.NewFolder(), NodeProcess.FreePort(), toPostfix.Port, deferred: false);
        foreach (var load in settings.Loads)
        {
            await MeasureAsync("relayed", load, cluster, postfix, toCluster, toPostfix);
        }
    }

    private async Task MeasureAsync(
        string what, MailLoad load, MailClusterServer cluster, PostfixServer postfix, SmtpSink? toCluster, SmtpSink? toPostfix)
    {
        // The first round fills caches and lets the runtime compile what is hot; a server runs for months.
        for (var i = 0; i < settings.WarmUps; i++)
        {
            await Round.RunAsync(cluster, load, toCluster);
            await Round.RunAsync(postfix, load, toPostfix);
        }

        List<Round> ours = [];
        List<Round> theirs = [];
        List<Round> bare = [];
        for (var i = 0; i < settings.Rounds; i++)
        {
            theirs.Add(await Round.RunAsync(postfix, load, toPostfix));
            ours.Add(await Round.RunAsync(cluster, load, toCluster));
            if (toPostfix is not null)
            {
                bare.Add(await Round.RunBareAsync(toPostfix, load));
            }
        }

        table.Add(
            $"{what}, {load}",
            $"{Median.Of(ours, r => r.Rate):0}/s",
            $"{Median.Of(theirs, r => r.Rate):0}/s",
            Ratio.Of(ours, theirs, (our, their) => our.Rate / their.Rate),
            bare.Count > 0 ? $"{Median.Of(bare, r => r.Rate):0}/s" : "",
            $"{Median.Of(ours, r => r.ProcessorSeconds):0.00}",
            $"{Median.Of(theirs, r => r.ProcessorSeconds):0.00}");
    }
}
