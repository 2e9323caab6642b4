using MailCluster.Benchmarks.Load;
using MailCluster.Benchmarks.Servers;

namespace MailCluster.Benchmarks.Runs;

/// <summary>What one round gave: messages per second, and processor seconds of the server per 1,000 messages.</summary>
internal sealed record Round(double Rate, double ProcessorSeconds)
{
    /// <summary>Until the last message is answered, or with a sink until that has the last one.</summary>
    public static async Task<Round> RunAsync(IMailServer server, MailLoad load, SmtpSink? sink)
    {
        var before = server.ProcessorTime;
        var target = (sink?.Taken ?? 0) + load.Messages;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await SmtpSource.SendAsync(load, server.Port);
        if (sink is not null)
        {
            await sink.WaitForAsync(target);
        }

        var elapsed = clock.Elapsed;
        await Quiet.WaitAsync(server);
        var used = server.ProcessorTime - before;
        return new Round(load.Messages / elapsed.TotalSeconds, used.TotalSeconds * 1000 / load.Messages);
    }

    /// <summary>Load generator and sink alone: no server can do better.</summary>
    public static async Task<Round> RunBareAsync(SmtpSink sink, MailLoad load) =>
        new(load.Messages / (await SmtpSource.SendAsync(load, sink.Port)).TotalSeconds, 0);
}
