using MailCluster.Mail.Addresses;

namespace MailCluster.Node.Configuration;

/// <summary>Who this node is and where its data lies.</summary>
internal sealed record NodeSection
{
    public const string DataFolderKey = "Node:DataFolder";

    /// <summary>The name in greetings, EHLO, trace headers and notices.</summary>
    public DomainName Hostname { get; init; } = DomainName.Parse("mail.hamburger.edu");

    /// <summary>Databases, certificate and API token; a full path.</summary>
    public string DataFolder { get; init; } = Path.GetFullPath("data");

    /// <summary>A start without any domain makes hamburger.edu with bob and alice.</summary>
    public bool CreateExampleDomain { get; init; } = true;

    /// <summary>How long connections and the queue may take to finish on a stop.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public static NodeSection Read(SettingsReader settings)
    {
        var fallback = new NodeSection();
        return new()
        {
            Hostname = settings.Read("Node:Hostname", SettingKinds.Domain, fallback.Hostname),
            DataFolder = settings.Read(DataFolderKey, SettingKinds.Folder, fallback.DataFolder),
            CreateExampleDomain = settings.Read(
                "Node:CreateExampleDomain", SettingKinds.Flag, fallback.CreateExampleDomain),
            ShutdownTimeout = settings.Read(
                "Node:ShutdownTimeout", SettingKinds.Duration("30s", "1s", "10m"), fallback.ShutdownTimeout),
        };
    }
}
