namespace MailCluster.Node.Configuration;

/// <summary>Delivery status notices, RFC 3464.</summary>
internal sealed record BouncesSection
{
    /// <summary>How much of a message goes back with RET=FULL; of a larger one the headers do.</summary>
    public long MaxReturnedSize { get; init; } = 256 * 1024;

    public static BouncesSection Read(SettingsReader settings) => new()
    {
        MaxReturnedSize = settings.Read(
            "Bounces:MaxReturnedSize", SettingKinds.Size("256KiB", "0", "50MB"), new BouncesSection().MaxReturnedSize),
    };
}
