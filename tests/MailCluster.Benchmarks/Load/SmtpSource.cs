using System.Diagnostics;
using System.Globalization;

namespace MailCluster.Benchmarks.Load;

/// <summary>Postfix's load generator, which opens a connection for each message.</summary>
internal static class SmtpSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Sends all of the load and says how long that took: until the last message was answered.</summary>
    public static async Task<TimeSpan> SendAsync(MailLoad load, int port)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(
            "smtp-source",
            [
                "-s", Text(load.Sessions), "-m", Text(load.Messages), "-l", Text(load.Octets),
                "-f", "sender@source.example", "-t", "someone@sink.example", $"127.0.0.1:{Text(port)}",
            ])
        {
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"smtp-source did not end within {Patience.TotalMinutes} minutes: {load}");
        }

        var elapsed = clock.Elapsed;
        return process.ExitCode == 0
            ? elapsed
            : throw new InvalidOperationException($"smtp-source failed ({load}): {await errors}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
