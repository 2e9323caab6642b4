using MailCluster.Queue;

namespace MailCluster.Node.Configuration;

/// <summary>A host that takes mail from us, and how to log in there.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Usually 25, or 587 for submission.</param>
/// <param name="Tls">None, opportunistic, or required with a right certificate.</param>
/// <param name="UserName">Null where nobody logs in.</param>
/// <param name="PasswordFile">The file with the password; null where nobody logs in.</param>
internal sealed record NextHopSection(string Host, int Port, RouteTls Tls, string? UserName, string? PasswordFile)
{
    private const int SmtpPort = 25;

    /// <summary>Null where nothing is said below the key.</summary>
    public static NextHopSection? ReadOptional(SettingsReader settings, string key) =>
        settings.Children(key).IsEmpty ? null : Read(settings, key);

    public static NextHopSection Read(SettingsReader settings, string key)
    {
        var hop = new NextHopSection(
            settings.ReadRequired($"{key}:Host", SettingKinds.Host),
            settings.Read($"{key}:Port", SettingKinds.Port, SmtpPort),
            settings.Read($"{key}:Tls", SettingKinds.OneOf<RouteTls>(), RouteTls.Opportunistic),
            settings.Read($"{key}:UserName", SettingKinds.Optional(SettingKinds.Text), null),
            settings.Read($"{key}:PasswordFile", SettingKinds.Optional(SettingKinds.ExistingFile), null));
        if (hop.UserName is null == hop.PasswordFile is null)
        {
            return hop;
        }

        return hop.UserName is null
            ? throw ConfigurationException.Of($"{key}:PasswordFile", hop.PasswordFile, $"only beside {key}:UserName")
            : throw ConfigurationException.Of($"{key}:UserName", hop.UserName, $"only beside {key}:PasswordFile");
    }

    /// <summary>The password, without the line end of its file.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public string? ReadPassword() => PasswordFile is null ? null : SecretFile.Read(PasswordFile);
}
