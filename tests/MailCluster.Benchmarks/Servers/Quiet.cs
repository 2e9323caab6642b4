namespace MailCluster.Benchmarks.Servers;

/// <summary>Waits until a server has done what a round left to it, so that the next round is not charged with it.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Until it uses less than a twentieth of one processor.</summary>
    public static async Task WaitAsync(IMailServer server)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var poll = new PeriodicTimer(Interval);
        var before = server.ProcessorTime;
        while (!patience.IsCancellationRequested && await poll.WaitForNextTickAsync())
        {
            var now = server.ProcessorTime;
            if (now - before < Interval / 20)
            {
                return;
            }

            before = now;
        }

        throw new TimeoutException($"{server.Name} is still busy after {Patience.TotalMinutes} minutes");
    }
}
