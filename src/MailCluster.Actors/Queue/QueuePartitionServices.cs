using Akka.Actor;
using MailCluster.Actors.Delivery;
using MailCluster.Mail.Addresses;
using MailCluster.Queue;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Queue;

/// <summary>What all partitions of a node share.</summary>
/// <param name="Destinations">Region that takes <see cref="AttemptDelivery"/>.</param>
/// <param name="Mailboxes">Region that takes messages for Mailbox actors.</param>
/// <param name="Directory">Finds who gets a notice: a user of ours, or a sender elsewhere.</param>
/// <param name="ReportingMta">The name under which notices are written.</param>
public sealed record QueuePartitionServices(
    IActorRef Destinations, IActorRef Mailboxes, ISpool Spool, IDirectory Directory, RelayRoutes Routes,
    DomainName ReportingMta, QueuePartitionSettings Settings, TimeProvider Time, Func<double> Random)
{
    /// <summary>Where the partitions of this node sign in.</summary>
    public LocalPartitions Local { get; init; } = new();

    /// <summary>False where this process may have been taken for dead: a partition then stops before it writes.</summary>
    public Func<bool> MayWrite { get; init; } = static () => true;
}

/// <summary>Bounds and rhythms of a partition.</summary>
public sealed record QueuePartitionSettings
{
    public required QueueSettings Queue { get; init; }

    /// <summary>Messages that one partition has in hand per next hop; the rest waits in order.</summary>
    public int WindowPerDestination { get; init; } = 50;

    /// <summary>
    /// How long outcomes are gathered before they are persisted together. Nobody waits for them, and the journal writes
    /// many events at once far cheaper than as many one by one; a crash in between repeats these attempts.
    /// </summary>
    public TimeSpan OutcomeGathering { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>An attempt that nobody answered for so long is asked for again.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often unanswered attempts are looked for.</summary>
    public TimeSpan ResendCheck { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a partition that moves to another node waits for attempts that are with a next hop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Events between two snapshots: bounds journal size and recovery time.</summary>
    public int EventsPerSnapshot { get; init; } = 5_000;

    /// <summary>Bodies with neither entry nor mailbox are looked for at start and then so often.</summary>
    public TimeSpan OrphanCheck { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A body younger than this may still get its entry from a connection on another node.</summary>
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How much of a message a failure notice carries at the most, where the sender asked for all of it.</summary>
    public int MaxReturnedSize { get; init; } = 256 * 1024;
}
