namespace MailCluster.Node.Configuration;

internal enum TlsVersion
{
    /// <summary>RFC 8996 leaves nothing older.</summary>
    Tls12,

    Tls13,
}

/// <summary>The certificate that all listeners show.</summary>
internal sealed record TlsSection
{
    /// <summary>A PEM file (with the chain) or a PFX file; null makes a self-signed one in the data folder.</summary>
    public string? Certificate { get; init; }

    /// <summary>The PEM file of the key, where the certificate's file does not have it.</summary>
    public string? Key { get; init; }

    /// <summary>A file with the password of key or PFX.</summary>
    public string? PasswordFile { get; init; }

    public TlsVersion MinVersion { get; init; } = TlsVersion.Tls12;

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public static TlsSection Read(SettingsReader settings)
    {
        var fallback = new TlsSection();
        var file = SettingKinds.Optional(SettingKinds.ExistingFile);
        var section = new TlsSection
        {
            Certificate = settings.Read("Tls:Certificate", file, fallback.Certificate),
            Key = settings.Read("Tls:Key", file, fallback.Key),
            PasswordFile = settings.Read("Tls:PasswordFile", file, fallback.PasswordFile),
            MinVersion = settings.Read("Tls:MinVersion", SettingKinds.OneOf<TlsVersion>(), fallback.MinVersion),
            HandshakeTimeout = settings.Read(
                "Tls:HandshakeTimeout", SettingKinds.Duration("30s", "1s", "5m"), fallback.HandshakeTimeout),
        };
        return section is { Key: not null, Certificate: null }
            ? throw ConfigurationException.Of("Tls:Key", section.Key, "only beside Tls:Certificate")
            : section;
    }
}
