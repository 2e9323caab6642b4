using MailCluster.Node.Configuration;
using MailCluster.Storage;
using MailCluster.Storage.Postgres;
using MailCluster.Storage.Sqlite;

namespace MailCluster.Node.Hosting;

/// <summary>Opens the store that the configuration names, for the node and for commands alike.</summary>
internal static class NodeStorage
{
    /// <exception cref="StorageException">It cannot be used.</exception>
    public static Task<MailStorage> OpenAsync(MailClusterOptions options, TimeProvider time) =>
        options.Storage.Provider == StorageProvider.Postgres
            ? PostgresStorage.OpenAsync(
                options.Storage.Postgres() with
                {
                    RecentBodyBytes = options.Storage.RecentBodies,
                    IndexingShare = options.Search.IndexingShare,
                },
                time)
            : SqliteStorage.OpenAsync(
                new SqliteStorageOptions(options.Node.DataFolder)
                {
                    RecentBodyBytes = options.Storage.RecentBodies,
                    IndexingShare = options.Search.IndexingShare,
                },
                time);
}
