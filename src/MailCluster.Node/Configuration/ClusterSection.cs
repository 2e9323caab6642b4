using System.Collections.Immutable;
using System.Net;

namespace MailCluster.Node.Configuration;

internal enum ClusterRole
{
    Queue,
    Delivery,
    Mailbox,
}

/// <summary>Where the node's actor system listens, and which work it takes.</summary>
internal sealed record ClusterSection
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 lets the system choose: a node by itself is found by nobody.</summary>
    public int Port { get; init; }

    public ImmutableArray<ClusterRole> Roles { get; init; } =
        [ClusterRole.Queue, ClusterRole.Delivery, ClusterRole.Mailbox];

    /// <summary>Of mailboxes and destinations: about ten for each node of the largest planned cluster.</summary>
    public int Shards { get; init; } = 50;

    public static ClusterSection Read(SettingsReader settings)
    {
        var fallback = new ClusterSection();
        return new()
        {
            Address = settings.Read("Cluster:Address", SettingKinds.Address, fallback.Address),
            Port = settings.Read("Cluster:Port", SettingKinds.ListenPort, fallback.Port),
            Roles = settings.ReadList("Cluster:Roles", SettingKinds.OneOf<ClusterRole>(), fallback.Roles),
            Shards = settings.Read("Cluster:Shards", SettingKinds.Count(1, 1000), fallback.Shards),
        };
    }
}
