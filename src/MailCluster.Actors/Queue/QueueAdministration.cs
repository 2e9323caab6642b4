using System.Collections.Immutable;
using Akka.Actor;
using Akka.Hosting;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Queue;

/// <summary>Asks the partitions, wherever they are; those of this node without the region, as connections do.</summary>
public sealed class QueueAdministration(
    IRequiredActor<QueuePartitionActor> region, LocalPartitions local, int partitions) : IQueueAdministration
{
    /// <summary>Longer than a hand-off, shorter than an operator's patience.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<ImmutableArray<QueueEntrySummary>> ListAsync(ListMessages query, CancellationToken cancellation)
    {
        var partition = query.After?.Partition ?? 0;
        var found = ImmutableArray.CreateBuilder<QueueEntrySummary>();
        // One partition after the other: a listing is a page, and most of them end in the first partitions.
        for (; partition < partitions && found.Count < query.Limit; partition++)
        {
            var rest = query with
            {
                Limit = query.Limit - found.Count,
                After = query.After is { } after && after.Partition == partition ? after : null,
            };
            found.AddRange(await ListAsync(partition, rest, cancellation));
        }

        return found.ToImmutable();
    }

    public async Task<ImmutableArray<QueueEntrySummary>> ListAsync(
        int partition, ListMessages query, CancellationToken cancellation) =>
        (await AskAsync<MessageList>(partition, new PartitionQuery(partition, query), cancellation)).Entries;

    public async Task<QueueEntryDetails?> ShowAsync(QueueId id, CancellationToken cancellation)
    {
        var answer = await AskAsync<MessageDetails>(id.Partition, new GetMessage(id), cancellation);
        return answer.Entry;
    }

    public async Task<bool> ExecuteAsync(IQueueCommand command, CancellationToken cancellation) =>
        await AskAsync<IQueueAnswer>(command.QueueId.Partition, command, cancellation) is not NoSuchMessage;

    private async Task<T> AskAsync<T>(int partition, object question, CancellationToken cancellation)
    {
        try
        {
            return await (local.Find(partition) ?? region.ActorRef).Ask<T>(question, Patience, cancellation);
        }
        catch (AskTimeoutException late)
        {
            throw new TimeoutException("A queue partition did not answer in time; try again.", late);
        }
    }
}
