namespace MailCluster.Actors.Queue;

/// <summary>A question to one partition, such as a listing: the partition answers the query inside.</summary>
public sealed record PartitionQuery(int Partition, object Query);

/// <summary>From the shard at hand-off: persist what is under way, then stop.</summary>
public sealed class StopPartition
{
    public static readonly StopPartition Instance = new();
}
