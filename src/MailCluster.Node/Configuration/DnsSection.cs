using System.Collections.Immutable;
using System.Net;

namespace MailCluster.Node.Configuration;

/// <summary>How names are resolved for routing.</summary>
internal sealed record DnsSection
{
    /// <summary>Recursive resolvers in the order in which to ask them; empty takes those of the system.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>For one answer of one server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a server that did not answer is asked again.</summary>
    public int Retries { get; init; } = 2;

    public static DnsSection Read(SettingsReader settings)
    {
        var fallback = new DnsSection();
        return new()
        {
            Servers = settings.ReadList("Dns:Servers", SettingKinds.DnsServer, fallback.Servers),
            Timeout = settings.Read("Dns:Timeout", SettingKinds.Duration("5s", "100ms", "1m"), fallback.Timeout),
            Retries = settings.Read("Dns:Retries", SettingKinds.Count(0, 10), fallback.Retries),
        };
    }
}
