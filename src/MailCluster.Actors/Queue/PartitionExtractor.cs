using System.Globalization;
using Akka.Cluster.Sharding;
using MailCluster.Queue;

namespace MailCluster.Actors.Queue;

/// <summary>
/// Finds the partition of a message. Each partition is a shard of its own: hashing a few ids into as many shards would
/// put two partitions on one node and none on another.
/// </summary>
internal sealed class PartitionExtractor(int partitions) : IMessageExtractor
{
    private readonly string[] _ids =
        [.. Enumerable.Range(0, partitions).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    public string? EntityId(object message) => message switch
    {
        IWithQueueId { QueueId.Partition: var partition } => IdOf(partition),
        PartitionQuery query => IdOf(query.Partition),
        _ => null,
    };

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;

    // An id from a queue with more partitions than ours: nobody owns it here, and the sender hears nothing.
    private string? IdOf(int partition) => (uint)partition < (uint)_ids.Length ? _ids[partition] : null;
}
