using Akka.Actor.Setup;

namespace MailCluster.Node.Membership.Lease;

/// <summary>What the lease needs and configuration in text cannot hold; the resolver makes the lease by its name only.</summary>
internal sealed class LeaseSetup(ILeaseStore store, TimeProvider time) : Setup
{
    public ILeaseStore Store => store;

    public TimeProvider Time => time;
}
