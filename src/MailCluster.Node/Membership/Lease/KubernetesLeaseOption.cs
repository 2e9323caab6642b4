using Akka.Actor.Setup;
using Akka.Cluster.Hosting.SBR;
using Akka.Hosting;
using Akka.Hosting.Coordination;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Membership.Lease;

/// <summary>Names <see cref="KubernetesLease"/> to Akka, with its times.</summary>
internal sealed class KubernetesLeaseOption : LeaseOptionBase
{
    public override string ConfigPath => "akka.coordination.lease.mailcluster";

    public override Type Class => typeof(KubernetesLease);

    public override void Apply(AkkaConfigurationBuilder builder, Setup? setup = null) => builder.AddHocon(
        $$"""
        {{ConfigPath}} {
          lease-class = "{{Class.FullName}}, {{Class.Assembly.GetName().Name}}"
          heartbeat-timeout = 30s
          heartbeat-interval = 5s
          lease-operation-timeout = 5s
          # So long a lease is kept at least, also by a node that leaves: sides of a split find out at different times.
          settle-time = 20s
        }
        """,
        HoconAddMode.Prepend);
}

internal static class SplitBrainExtensions
{
    /// <summary>
    /// Only nodes with this role count: they hold the queue. Else many nodes that merely take mail in could outnumber those
    /// that have it, and shut them out.
    /// </summary>
    private const string Counted = "queue";

    /// <summary>As the settings say; with a lease also what it needs.</summary>
    /// <param name="store">Where the Lease is, null without one.</param>
    public static SplitBrainResolverOption WithSplitBrain(
        this AkkaConfigurationBuilder builder, ClusterSection cluster, ILeaseStore? store, TimeProvider time)
    {
        if (store is null)
        {
            return new KeepMajorityOption { Role = Counted };
        }

        var lease = new KubernetesLeaseOption();
        lease.Apply(builder);
        builder.Setups.Add(new LeaseSetup(store, time));
        return new LeaseMajorityOption { LeaseImplementation = lease, LeaseName = cluster.Lease, Role = Counted };
    }
}
