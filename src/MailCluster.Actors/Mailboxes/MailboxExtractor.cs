using Akka.Cluster.Sharding;

namespace MailCluster.Actors.Mailboxes;

/// <summary>Finds the Mailbox actor of an account.</summary>
internal sealed class MailboxExtractor(int shards) : HashCodeMessageExtractor(shards)
{
    public override string? EntityId(object message) => message switch
    {
        IWithAccount with => with.Account.ToString(),
        _ => null,
    };
}
