using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace MailCluster.Faults.Load;

/// <summary>
/// Postfix's load generator beside our own senders: it knows no retry and ends with its first trouble, so it is started
/// again at the next node. Its running counter goes on before the reply is there, so replies are read from its log.
/// </summary>
internal sealed class SourceSender(Func<IPEndPoint[]> nodes, string sender, Ledger ledger)
{
    private const string Program = "/usr/sbin/smtp-source";
    private const string Sessions = "3";
    private const string SecondsBetweenMessages = "1";
    private const string Endless = "1000000";

    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(200);

    /// <summary>What this machine lacks for it, or null.</summary>
    public static string? Missing => File.Exists(Program) ? null : "Debian's package postfix";

    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var turn = 0; !cancellation.IsCancellationRequested; turn++)
        {
            if (nodes() is { Length: > 0 } all)
            {
                await RunOnceAsync(all[turn % all.Length], turn, cancellation);
            }

            await Task.Delay(RestartPause, CancellationToken.None);
        }
    }

    private async Task RunOnceAsync(IPEndPoint node, int turn, CancellationToken cancellation)
    {
        var recipient = $"{ScriptedSink.SourceRecipient}@{ScriptedSink.DomainOf(turn % ScriptedSink.Count)}";
        using var process = Process.Start(new ProcessStartInfo(
            Program,
            [
                "-v", "-s", Sessions, "-m", Endless, "-w", SecondsBetweenMessages, "-f", sender, "-t", recipient,
                string.Create(CultureInfo.InvariantCulture, $"{node.Address}:{node.Port}"),
            ])
        {
            RedirectStandardError = true,
        })!;
        await using (cancellation.Register(process.Kill))
        {
            while (await process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
            {
                if (QueueIdText.FindInReply(line) is { } id)
                {
                    ledger.Accept(id, TimeSpan.Zero);
                }
            }

            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
