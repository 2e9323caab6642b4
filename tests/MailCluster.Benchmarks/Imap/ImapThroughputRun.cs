using MailCluster.Benchmarks.Report;
using MailCluster.Benchmarks.Servers;

namespace MailCluster.Benchmarks.Imap;

/// <summary>
/// Operations per second, beside Dovecot: both servers run all the time with the same messages, and rounds of the one
/// alternate with rounds of the other, so that what else the machine does is shared out between them.
/// </summary>
internal sealed class ImapThroughputRun(ImapBenchmark benchmark, IReadOnlyList<IImapServer> servers)
{
    public async Task MeasureAsync(IEnumerable<ImapRow> rows)
    {
        foreach (var row in rows)
        {
            await MeasureAsync(row);
        }
    }

    private async Task MeasureAsync(ImapRow row)
    {
        foreach (var server in servers)
        {
            await row.PrepareAsync(server);
            // Fills caches and lets the runtime compile what is hot; a server runs for months.
            for (var i = 0; i < benchmark.WarmUps; i++)
            {
                await row.MeasureAsync(server);
            }

            await Quiet.WaitAsync(server);
        }

        var rounds = servers.ToDictionary(server => server.Name, _ => new List<ImapRound>());
        for (var i = 0; i < benchmark.Rounds; i++)
        {
            foreach (var server in servers)
            {
                rounds[server.Name].Add(await ImapRound.RunAsync(row, server));
            }
        }

        Report(row, rounds.GetValueOrDefault("MailCluster", []), rounds.GetValueOrDefault("Dovecot", []));
    }

    private void Report(ImapRow row, List<ImapRound> ours, List<ImapRound> theirs) => benchmark.Table.Add(
        row.What,
        Text(ours, r => r.Rate, rate => $"{Rounded(rate)}/s"),
        Text(theirs, r => r.Rate, rate => $"{Rounded(rate)}/s"),
        Ratio.Of(ours, theirs, (our, their) => our.Rate / their.Rate),
        Text(ours, r => r.ProcessorSeconds, seconds => $"{seconds:0.00}"),
        Text(theirs, r => r.ProcessorSeconds, seconds => $"{seconds:0.00}"));

    private static string Text(List<ImapRound> rounds, Func<ImapRound, double> figure, Func<double, string> write) =>
        rounds.Count > 0 ? write(Median.Of(rounds, figure)) : "";

    private static string Rounded(double rate) => rate < 100 ? $"{rate:0.0}" : $"{rate:0}";
}
