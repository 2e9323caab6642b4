using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>
/// Keeps the delivery log short: every ten minutes, and every second while there is a backlog, some old entries go.
/// Driven by the stores themselves, so that a server at rest does nothing.
/// </summary>
internal sealed class DeliveryPruning(GroupWriter<MailChanges> writes, TimeProvider time)
{
    /// <summary>Entries in one run: a few milliseconds of the writer's time.</summary>
    public const int PerRun = 2000;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PauseInBacklog = TimeSpan.FromSeconds(1);

    private long _nextRun = time.GetUtcNow().UtcTicks;

    public void StartIfDue()
    {
        var now = time.GetUtcNow();
        var due = Volatile.Read(ref _nextRun);
        if (now.UtcTicks >= due && Interlocked.CompareExchange(ref _nextRun, (now + Pause).UtcTicks, due) == due)
        {
            // Nobody waits for it, and a failed run is made good by the next.
            _ = writes.WriteAsync((this, now), Prune, CancellationToken.None);
        }
    }

    private static int Prune(MailChanges changes, (DeliveryPruning Pruning, DateTimeOffset Now) run)
    {
        var pruned = changes.Deliveries.Prune(run.Now, PerRun);
        if (pruned >= PerRun)
        {
            Volatile.Write(ref run.Pruning._nextRun, (run.Now + PauseInBacklog).UtcTicks);
        }

        return pruned;
    }
}
