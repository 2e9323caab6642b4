using MailCluster.Benchmarks.Imap.Rows;
using MailCluster.Benchmarks.Report;
using MailCluster.Ledger;

namespace MailCluster.Benchmarks.Imap;

/// <summary>All rows of IMAP, part by part, in the order in which they were asked for.</summary>
internal sealed class ImapBenchmark(BenchmarkSettings settings, ImapSizes sizes, Table table)
{
    public static readonly string[] Parts = ["login", "append", "fetch", "flags", "store", "search", "idle", "memory"];

    public static readonly string[] Servers = ["mailcluster", "dovecot"];

    public BenchmarkSettings Settings => settings;

    public ImapSizes Sizes => sizes;

    public Table Table => table;

    public int Rounds => settings.Rounds;

    public int WarmUps => settings.WarmUps;

    public Task<MailClusterImapServer> StartMailClusterAsync() =>
        MailClusterImapServer.StartAsync(settings.Dll, settings.NewFolder());

    public async Task RunAsync(IReadOnlyCollection<string> parts, IReadOnlyCollection<string> wanted)
    {
        await RunBesideAsync([.. parts.Where(part => part != "memory")], wanted);
        if (parts.Contains("memory"))
        {
            await new ImapMemoryRun(this).MeasureAsync(wanted);
        }
    }

    /// <summary>The parts in which the servers run side by side.</summary>
    private async Task RunBesideAsync(string[] parts, IReadOnlyCollection<string> wanted)
    {
        List<IImapServer> servers = [];
        try
        {
            // Their rounds come first, as in the table of SMTP.
            if (parts.Length > 0 && wanted.Contains("dovecot"))
            {
                servers.Add(await DovecotServer.StartAsync(
                    settings.NewFolder(), NodeProcess.FreePort(), DovecotSetup.ManyLogins));
            }

            if (parts.Length > 0 && wanted.Contains("mailcluster"))
            {
                servers.Add(await StartMailClusterAsync());
            }

            foreach (var part in parts)
            {
                await RunPartAsync(part, servers);
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private Task RunPartAsync(string part, List<IImapServer> servers)
    {
        var throughput = new ImapThroughputRun(this, servers);
        var folders = new FolderRows(sizes);
        return part switch
        {
            "login" => throughput.MeasureAsync(LoginRows.Create(sizes)),
            "append" => throughput.MeasureAsync(AppendRows.Create(sizes)),
            "fetch" => throughput.MeasureAsync(folders.Fetch()),
            "flags" => throughput.MeasureAsync(folders.Flags()),
            "store" => throughput.MeasureAsync(folders.Store()),
            "search" => throughput.MeasureAsync(folders.Search()),
            _ => new ImapLatencyRun(this, servers).MeasureAsync(),
        };
    }
}
