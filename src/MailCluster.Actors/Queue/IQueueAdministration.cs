using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Queue;

/// <summary>What operators ask of the queue, over all its partitions and nodes. Safe for any number of threads.</summary>
/// <exception cref="TimeoutException">Every member: a partition did not answer in time, such as in a fail-over.</exception>
public interface IQueueAdministration
{
    /// <summary>Entries in the order of their ids, oldest of each partition first, up to the query's limit in all.</summary>
    Task<ImmutableArray<QueueEntrySummary>> ListAsync(ListMessages query, CancellationToken cancellation);

    /// <summary>Entries of one partition.</summary>
    Task<ImmutableArray<QueueEntrySummary>> ListAsync(int partition, ListMessages query, CancellationToken cancellation);

    /// <summary>One entry with its recipients and what was last heard of each; null where there is none.</summary>
    Task<QueueEntryDetails?> ShowAsync(QueueId id, CancellationToken cancellation);

    /// <summary>Carries out hold, release, retry or remove; false where there is no such entry.</summary>
    Task<bool> ExecuteAsync(IQueueCommand command, CancellationToken cancellation);
}
