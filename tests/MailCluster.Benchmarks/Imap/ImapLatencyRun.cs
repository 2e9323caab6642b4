using System.Diagnostics;
using MailCluster.Benchmarks.Report;

namespace MailCluster.Benchmarks.Imap;

/// <summary>
/// How long after an APPEND begins an idling client hears of its message (RFC 2177): one connection appends, another
/// one of the same account idles. The time in which the message is stored is part of it.
/// </summary>
internal sealed class ImapLatencyRun(ImapBenchmark benchmark, IReadOnlyList<IImapServer> servers)
{
    private const string Folder = "watched";
    private const int Octets = 1024;

    public async Task MeasureAsync()
    {
        var rounds = servers.ToDictionary(server => server.Name, _ => new List<double[]>());
        for (var i = 0; i < benchmark.WarmUps + benchmark.Rounds; i++)
        {
            foreach (var server in servers)
            {
                var sorted = (await MeasureAsync(server)).Order().ToArray();
                rounds[server.Name].AddRange(i < benchmark.WarmUps ? [] : [sorted]);
            }
        }

        var ours = rounds.GetValueOrDefault("MailCluster", []);
        var theirs = rounds.GetValueOrDefault("Dovecot", []);
        foreach (var percent in new[] { 50, 99 })
        {
            benchmark.Table.Add(
                $"APPEND until another client's IDLE says it, p{percent} of {benchmark.Sizes.Notices}",
                Text(ours, percent), Text(theirs, percent),
                Ratio.Of(ours, theirs, (our, their) => Percentile(their, percent) / Percentile(our, percent)));
        }
    }

    private async Task<List<double>> MeasureAsync(IImapServer server)
    {
        using var writer = await ImapConnection.LogInAsync(server.Port, ImapAccounts.Of(0));
        await writer.RunAsync($"CREATE {Folder}");
        using var reader = await ImapConnection.LogInAsync(server.Port, ImapAccounts.Of(0));
        await reader.RunAsync($"SELECT {Folder}");
        var idle = await reader.StartIdleAsync();
        var taken = new List<double>();
        for (var number = 1; number <= benchmark.Sizes.Notices; number++)
        {
            var clock = Stopwatch.StartNew();
            var told = reader.WaitForExistsAsync(number);
            await writer.AppendAsync(Folder, ImapMessage.Create(number, Octets));
            await told;
            taken.Add(clock.Elapsed.TotalMilliseconds);
        }

        await reader.EndIdleAsync(idle);
        await reader.RunAsync("CLOSE");
        await writer.RunAsync($"DELETE {Folder}");
        return taken;
    }

    private static string Text(List<double[]> rounds, int percent) =>
        rounds.Count > 0 ? $"{Median.Of(rounds, r => Percentile(r, percent)):0.0} ms" : "";

    private static double Percentile(double[] sorted, int percent) =>
        sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
}
