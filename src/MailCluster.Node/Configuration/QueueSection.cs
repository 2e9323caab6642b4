using System.Collections.Immutable;

namespace MailCluster.Node.Configuration;

/// <summary>How the queue retries, gives up, and bounds itself.</summary>
internal sealed record QueueSection
{
    /// <summary>Fixed for the life of the queue's data.</summary>
    public int Partitions { get; init; } = 32;

    /// <summary>
    /// Before the second attempt, the third, and so on; the last one repeats. RFC 5321 §4.5.4.1: 30 minutes.
    /// </summary>
    public ImmutableArray<TimeSpan> RetryDelays { get; init; } = [TimeSpan.FromMinutes(30)];

    /// <summary>Each delay is longer or shorter by up to this part of it.</summary>
    public double Jitter { get; init; } = 0.03;

    /// <summary>RFC 5321 §4.5.4.1: 4 to 5 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Age at which the sender hears that the message still waits; null never.</summary>
    public TimeSpan? DelayNoticeAfter { get; init; } = TimeSpan.FromHours(4);

    public int MaxEntriesPerPartition { get; init; } = 100_000;

    /// <summary>Messages that one partition has in hand per next hop.</summary>
    public int WindowPerDestination { get; init; } = 50;

    /// <summary>An attempt that nobody answered for so long is asked for again.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Events between two snapshots of a partition.</summary>
    public int EventsPerSnapshot { get; init; } = 5000;

    /// <summary>How often bodies that nobody owns are looked for.</summary>
    public TimeSpan OrphanCheck { get; init; } = TimeSpan.FromHours(1);

    public static QueueSection Read(SettingsReader settings)
    {
        var fallback = new QueueSection();
        var section = new QueueSection
        {
            Partitions = settings.Read("Queue:Partitions", SettingKinds.Count(1, 1024), fallback.Partitions),
            RetryDelays = settings.ReadList(
                "Queue:RetryDelays", SettingKinds.Duration("30m", "100ms", "5d"), fallback.RetryDelays),
            Jitter = settings.Read("Queue:Jitter", SettingKinds.Percentage(50), fallback.Jitter),
            MaxAge = settings.Read("Queue:MaxAge", SettingKinds.Duration("5d", "1s", "30d"), fallback.MaxAge),
            DelayNoticeAfter = settings.Read(
                "Queue:DelayNoticeAfter",
                SettingKinds.OptionalValue(SettingKinds.Duration("4h", "1s", "30d")),
                fallback.DelayNoticeAfter),
            MaxEntriesPerPartition = settings.Read(
                "Queue:MaxEntriesPerPartition", SettingKinds.Count(1, 10_000_000), fallback.MaxEntriesPerPartition),
            WindowPerDestination = settings.Read(
                "Queue:WindowPerDestination", SettingKinds.Count(1, 10_000), fallback.WindowPerDestination),
            ResendAfter = settings.Read(
                "Queue:ResendAfter", SettingKinds.Duration("10s", "1s", "1h"), fallback.ResendAfter),
            EventsPerSnapshot = settings.Read(
                "Queue:EventsPerSnapshot", SettingKinds.Count(100, 1_000_000), fallback.EventsPerSnapshot),
            OrphanCheck = settings.Read(
                "Queue:OrphanCheck", SettingKinds.Duration("1h", "1m", "7d"), fallback.OrphanCheck),
        };
        return section.RetryDelays.IsEmpty
            ? throw ConfigurationException.Of("Queue:RetryDelays", "", "at least one duration such as 30m")
            : section;
    }
}
