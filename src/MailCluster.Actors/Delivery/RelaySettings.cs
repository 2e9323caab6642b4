namespace MailCluster.Actors.Delivery;

/// <summary>Bounds of relaying, the same for every destination.</summary>
public sealed record RelaySettings
{
    /// <summary>Connections to one next hop at the most, from the whole cluster: there is one Destination for each.</summary>
    public int MaxConnections { get; init; } = 20;

    /// <summary>Messages that one connection carries before it is closed.</summary>
    public int MessagesPerConnection { get; init; } = 1000;

    /// <summary>Messages per minute to one next hop; null is without bound.</summary>
    public int? MessagesPerMinute { get; init; }

    /// <summary>New connections per minute to one next hop; null is without bound.</summary>
    public int? ConnectionsPerMinute { get; init; }

    /// <summary>How long an unused connection is kept for the next message.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>First rest of a next hop whose hosts all failed; doubles up to <see cref="MaxBackOff"/>.</summary>
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Largest message that is converted to 7-bit MIME, which is done in memory.</summary>
    public long MaxConvertedSize { get; init; } = 50 * 1024 * 1024;

    /// <summary>Attempts that a Destination holds; partitions repeat what is dropped beyond.</summary>
    public int MaxWaiting { get; init; } = 20_000;

    /// <summary>A Destination with nothing to do stops after this time, and forgets its back-off.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(35);
}
