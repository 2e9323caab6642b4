namespace MailCluster.Storage.Sqlite;

/// <summary>Where an embedded store keeps its files, and what it may use.</summary>
/// <param name="DataFolder">Holds spool.db and mail.db; made, for its owner alone, where it is missing.</param>
public sealed record SqliteStorageOptions(string DataFolder) : StorageOptions
{
    /// <summary>Limits spool.db, in pages: tests fill the disk with it.</summary>
    internal int? MaxSpoolPages { get; init; }
}
