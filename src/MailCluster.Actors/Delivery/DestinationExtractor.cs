using Akka.Cluster.Sharding;

namespace MailCluster.Actors.Delivery;

/// <summary>Finds the Destination of a next hop.</summary>
internal sealed class DestinationExtractor(int shards) : HashCodeMessageExtractor(shards)
{
    public override string? EntityId(object message) => message switch
    {
        IWithNextHop with => with.NextHop.Key,
        _ => null,
    };
}
