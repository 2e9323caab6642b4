using MailCluster.Benchmarks.Servers;

namespace MailCluster.Benchmarks.Imap;

/// <summary>What one round gave: operations per second, and the server's processor seconds per 1,000.</summary>
internal sealed record ImapRound(double Rate, double ProcessorSeconds)
{
    public static async Task<ImapRound> RunAsync(ImapRow row, IImapServer server)
    {
        var before = server.ProcessorTime;
        var elapsed = await row.MeasureAsync(server);
        await Quiet.WaitAsync(server);
        var used = server.ProcessorTime - before;
        return new ImapRound(row.Operations / elapsed.TotalSeconds, used.TotalSeconds * 1000 / row.Operations);
    }
}
