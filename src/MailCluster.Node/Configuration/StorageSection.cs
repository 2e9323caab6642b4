using MailCluster.Storage.Postgres;

namespace MailCluster.Node.Configuration;

internal enum StorageProvider
{
    /// <summary>Files in the data folder, for one node by itself.</summary>
    Sqlite,

    /// <summary>A server that all nodes of a cluster share.</summary>
    Postgres,
}

/// <summary>Where journal, bodies, mailboxes and directory are kept.</summary>
internal sealed record StorageSection
{
    private const string ConnectionStringKey = "Storage:ConnectionString";
    private const string ConnectionStringFileKey = "Storage:ConnectionStringFile";

    public StorageProvider Provider { get; init; } = StorageProvider.Sqlite;

    /// <summary>As Npgsql reads it, without a password: settings are shown and logged.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>A file with a connection string in it, which may have a password.</summary>
    public string? ConnectionStringFile { get; init; }

    /// <summary>Octets of memory for bodies that were just taken in, so that the first delivery reads none.</summary>
    public long RecentBodies { get; init; } = 32L << 20;

    /// <summary>Connections that read, for each of bodies, mailboxes and directory.</summary>
    public int Readers { get; init; } = 4;

    public static StorageSection Read(SettingsReader settings)
    {
        var fallback = new StorageSection();
        var section = new StorageSection
        {
            Provider = settings.Read("Storage:Provider", SettingKinds.OneOf<StorageProvider>(), fallback.Provider),
            ConnectionString = settings.Read(ConnectionStringKey, ConnectionText, null),
            ConnectionStringFile = settings.Read(
                ConnectionStringFileKey, SettingKinds.Optional(SettingKinds.ExistingFile), null),
            RecentBodies = settings.Read("Storage:RecentBodies", SettingKinds.Size("32MiB", "0", "64GiB"), fallback.RecentBodies),
            Readers = settings.Read("Storage:Readers", SettingKinds.Count(1, 64), fallback.Readers),
        };
        var isNamed = (section.ConnectionString ?? section.ConnectionStringFile) is not null;
        if (section.Provider == StorageProvider.Postgres != isNamed)
        {
            throw section.Provider == StorageProvider.Postgres
                ? ConfigurationException.Of(
                    ConnectionStringKey, null, $"with Storage:Provider postgres: it, or {ConnectionStringFileKey}")
                : ConfigurationException.Of(
                    section.ConnectionString is null ? ConnectionStringFileKey : ConnectionStringKey,
                    section.ConnectionStringFile ?? section.ConnectionString,
                    "only beside Storage:Provider postgres");
        }

        return section;
    }

    /// <summary>What the store is opened with.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or holds no connection string.</exception>
    public PostgresStorageOptions Postgres()
    {
        var text = ConnectionStringFile is null ? ConnectionString! : SecretFile.Read(ConnectionStringFile);
        var connectionString = PostgresConnectionString.TryParse(text)
            ?? throw new ConfigurationException($"{ConnectionStringFile}: {ConnectionText.Allowed}");
        return new PostgresStorageOptions(connectionString) { Readers = Readers };
    }

    private static readonly SettingKind<string?> ConnectionText = SettingKinds.Optional(new SettingKind<string>(
        "a connection string such as Host=db;Username=mailcluster;Database=mailcluster"
        + $" (one with a password goes into a file: {ConnectionStringFileKey})",
        TryParseConnectionString,
        text => text));

    private static bool TryParseConnectionString(string text, out string value)
    {
        value = text;
        return PostgresConnectionString.TryParse(text) is { HasPassword: false };
    }
}
