using MailCluster.Storage;

namespace MailCluster.Node.Hosting;

/// <summary>Removes from time to time what a crash left in the spool: bodies that nobody holds, chunks without body.</summary>
internal sealed class SpoolSweeper(MailStorage storage, TimeProvider time, ILogger<SpoolSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Longer than any client may take to send a message.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await SweepAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        try
        {
            var swept = await storage.Spool.SweepAsync(time.GetUtcNow() - MinAge, cancellation);
            if (swept > 0)
            {
                logger.Swept(swept);
            }
        }
        catch (StorageException trouble)
        {
            logger.SweepFailed(trouble);
        }
    }
}
