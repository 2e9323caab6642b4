using System.Collections.Immutable;
using MailCluster.Queue;

namespace MailCluster.Node.Configuration;

/// <summary>How mail goes out to other servers.</summary>
internal sealed record RelaySection
{
    public ImmutableArray<RouteSection> Routes { get; init; } = [];

    /// <summary>Takes all that no route matches; null asks the DNS.</summary>
    public NextHopSection? SmartHost { get; init; }

    /// <summary>TLS towards hosts that the DNS named.</summary>
    public RouteTls Tls { get; init; } = RouteTls.Opportunistic;

    /// <summary>25 everywhere but in tests.</summary>
    public int OutboundPort { get; init; } = 25;

    /// <summary>Connect to mail exchangers on loopback: for tests.</summary>
    public bool AllowLoopbackMx { get; init; }

    public int MaxConnectionsPerDestination { get; init; } = 20;

    public int MessagesPerConnection { get; init; } = 1000;

    /// <summary>To one destination; null is without bound.</summary>
    public int? MessagesPerMinute { get; init; }

    /// <summary>To one destination; null is without bound.</summary>
    public int? ConnectionsPerMinute { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an unused connection is kept for the next message.</summary>
    public TimeSpan IdleConnectionTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>First rest of a destination whose hosts all failed; doubles up to <see cref="MaxBackOff"/>.</summary>
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromMinutes(30);

    public static RelaySection Read(SettingsReader settings)
    {
        var fallback = new RelaySection();
        var perMinute = SettingKinds.OptionalValue(SettingKinds.Count(1, 1_000_000));
        var section = new RelaySection
        {
            Routes = RouteSection.ReadAll(settings, "Relay:Routes"),
            SmartHost = NextHopSection.ReadOptional(settings, "Relay:SmartHost"),
            Tls = settings.Read("Relay:Tls", SettingKinds.OneOf<RouteTls>(), fallback.Tls),
            OutboundPort = settings.Read("Relay:OutboundPort", SettingKinds.Port, fallback.OutboundPort),
            AllowLoopbackMx = settings.Read("Relay:AllowLoopbackMx", SettingKinds.Flag, fallback.AllowLoopbackMx),
            MaxConnectionsPerDestination = settings.Read(
                "Relay:MaxConnectionsPerDestination",
                SettingKinds.Count(1, 1000),
                fallback.MaxConnectionsPerDestination),
            MessagesPerConnection = settings.Read(
                "Relay:MessagesPerConnection", SettingKinds.Count(1, 1_000_000), fallback.MessagesPerConnection),
            MessagesPerMinute = settings.Read("Relay:MessagesPerMinute", perMinute, fallback.MessagesPerMinute),
            ConnectionsPerMinute = settings.Read(
                "Relay:ConnectionsPerMinute", perMinute, fallback.ConnectionsPerMinute),
            ConnectTimeout = settings.Read(
                "Relay:ConnectTimeout", SettingKinds.Duration("30s", "100ms", "10m"), fallback.ConnectTimeout),
            IdleConnectionTimeout = settings.Read(
                "Relay:IdleConnectionTimeout",
                SettingKinds.Duration("15s", "0s", "10m"),
                fallback.IdleConnectionTimeout),
            MinBackOff = settings.Read(
                "Relay:MinBackOff", SettingKinds.Duration("1m", "100ms", "1d"), fallback.MinBackOff),
            MaxBackOff = settings.Read(
                "Relay:MaxBackOff", SettingKinds.Duration("30m", "100ms", "1d"), fallback.MaxBackOff),
        };
        return section.MaxBackOff < section.MinBackOff
            ? throw ConfigurationException.Of(
                "Relay:MaxBackOff", DurationText.Write(section.MaxBackOff), "not shorter than Relay:MinBackOff")
            : section;
    }
}
