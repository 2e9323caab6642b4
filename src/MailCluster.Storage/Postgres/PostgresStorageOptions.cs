namespace MailCluster.Storage.Postgres;

/// <summary>Where the database is, and what a node may use.</summary>
public sealed record PostgresStorageOptions(PostgresConnectionString ConnectionString)
{
    /// <summary>Memory for bodies that were just committed, so that the first delivery attempt asks no server; 32 MiB.</summary>
    public long RecentBodyBytes { get; init; } = 32L << 20;

    /// <summary>Connections that read, each on a thread of its own, for bodies, mailboxes and directory each.</summary>
    public int Readers { get; init; } = 4;
}
