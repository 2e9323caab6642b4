using System.Collections.Immutable;
using System.Net;

namespace MailCluster.Node.Configuration;

internal enum ClusterRole
{
    /// <summary>Takes mail: the listeners of SMTP and submission.</summary>
    Smtp,

    /// <summary>Holds partitions of the queue.</summary>
    Queue,

    /// <summary>Holds destinations, which relay to other mail servers.</summary>
    Delivery,

    /// <summary>Holds the users' mailboxes.</summary>
    Mailbox,

    /// <summary>Lets users read: the listener of POP3.</summary>
    Access,
}

internal enum SplitBrainStrategy
{
    /// <summary>The side with more nodes goes on, the other stops.</summary>
    Majority,

    /// <summary>As majority, and a Lease of Kubernetes decides where each side takes itself for the larger.</summary>
    Lease,
}

/// <summary>Where the node's actor system listens, which work it takes, and how it finds the other nodes.</summary>
internal sealed record ClusterSection
{
    private const string PortKey = "Cluster:Port";
    private const string DiscoveryKey = "Cluster:Discovery";

    /// <summary>Where the other nodes reach this one; they know it by this address.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 lets the system choose: the others learn it from the database.</summary>
    public int Port { get; init; }

    public ImmutableArray<ClusterRole> Roles { get; init; } = [.. Enum.GetValues<ClusterRole>()];

    /// <summary>Of mailboxes and destinations: about ten for each node of the largest planned cluster.</summary>
    public int Shards { get; init; } = 50;

    /// <summary>Other nodes that are asked first for the cluster.</summary>
    public ImmutableArray<IPEndPoint> Seeds { get; init; } = [];

    /// <summary>A name whose addresses are those of the nodes, such as that of a headless service; null for none.</summary>
    public string? Discovery { get; init; }

    public SplitBrainStrategy SplitBrain { get; init; } = SplitBrainStrategy.Majority;

    /// <summary>
    /// How long a view with unreachable nodes must last before it is acted upon: shorter fails over sooner, longer
    /// rides out longer troubles of the network.
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The Lease of Kubernetes.</summary>
    public string Lease { get; init; } = "mailcluster";

    /// <summary>Null for the namespace of the service account.</summary>
    public string? LeaseNamespace { get; init; }

    /// <summary>With all three, nodes talk by TLS and each shows a certificate of the authority; PEM files.</summary>
    public string? Certificate { get; init; }

    public string? Key { get; init; }

    public string? Authority { get; init; }

    public static ClusterSection Read(SettingsReader settings)
    {
        var fallback = new ClusterSection();
        var file = SettingKinds.Optional(SettingKinds.ExistingFile);
        var section = new ClusterSection
        {
            Address = settings.Read("Cluster:Address", SettingKinds.Address, fallback.Address),
            Port = settings.Read(PortKey, SettingKinds.ListenPort, fallback.Port),
            Roles = settings.ReadList("Cluster:Roles", SettingKinds.OneOf<ClusterRole>(), fallback.Roles),
            Shards = settings.Read("Cluster:Shards", SettingKinds.Count(1, 1000), fallback.Shards),
            Seeds = settings.ReadList("Cluster:Seeds", SettingKinds.AddressAndPort, fallback.Seeds),
            Discovery = settings.Read(DiscoveryKey, SettingKinds.Optional(SettingKinds.Host), fallback.Discovery),
            SplitBrain = settings.Read("Cluster:SplitBrain", SettingKinds.OneOf<SplitBrainStrategy>(), fallback.SplitBrain),
            StableAfter = settings.Read(
                "Cluster:StableAfter", SettingKinds.Duration("4s", "1s", "5m"), fallback.StableAfter),
            Lease = settings.Read("Cluster:Lease", SettingKinds.Text, fallback.Lease),
            LeaseNamespace = settings.Read("Cluster:LeaseNamespace", SettingKinds.Optional(SettingKinds.Text), null),
            Certificate = settings.Read("Cluster:Certificate", file, null),
            Key = settings.Read("Cluster:Key", file, null),
            Authority = settings.Read("Cluster:Authority", file, null),
        };
        section.Check();
        return section;
    }

    public bool Has(ClusterRole role) => Roles.Contains(role);

    private void Check()
    {
        if (Discovery is not null && Port == 0)
        {
            throw ConfigurationException.Of(PortKey, "0", $"the port of all nodes, beside {DiscoveryKey}");
        }

        string?[] files = [Certificate, Key, Authority];
        if (files.Any(file => file is null) && files.Any(file => file is not null))
        {
            throw new ConfigurationException("Cluster:Certificate, Cluster:Key and Cluster:Authority: all three or none");
        }
    }
}
