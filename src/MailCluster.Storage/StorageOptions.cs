namespace MailCluster.Storage;

/// <summary>What a node may use, whatever its database is.</summary>
public abstract record StorageOptions
{
    /// <summary>Memory for bodies that were just committed, so that the first delivery attempt reads none; 32 MiB.</summary>
    public long RecentBodyBytes { get; init; } = 32L << 20;

    /// <summary>
    /// The part of its writer's time that indexing texts may take while others write, from 0, which is none, to 1; 0.2. An
    /// idle writer it has for itself.
    /// </summary>
    public double IndexingShare { get; init; } = 0.2;
}
