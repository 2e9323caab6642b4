namespace MailCluster.Storage.Postgres;

/// <summary>Where the database is, and what a node may use.</summary>
public sealed record PostgresStorageOptions(PostgresConnectionString ConnectionString) : StorageOptions
{
    /// <summary>Connections that read, each on a thread of its own, for bodies, mailboxes and directory each.</summary>
    public int Readers { get; init; } = 4;
}
