using Microsoft.Data.Sqlite;

namespace MailCluster.Storage.Sqlite;

/// <summary>
/// The two SQLite files in which the actors keep journal and snapshots: apart, so that their writers never wait for each
/// other. Their tables belong to the persistence library; here they get a write-ahead log, which stays with a file. A
/// commit is on disk before it is answered: synchronous=FULL is the library's default for each connection.
/// </summary>
public sealed record SqliteJournalFiles(string JournalConnectionString, string SnapshotConnectionString)
{
    /// <summary>Makes the files where they are not there.</summary>
    /// <exception cref="StorageException">The folder cannot be used.</exception>
    public static SqliteJournalFiles Prepare(string dataFolder) => new(
        Prepare(dataFolder, "journal.db"), Prepare(dataFolder, "snapshots.db"));

    private static string Prepare(string dataFolder, string file)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataFolder, file) }.ToString();
        try
        {
            using var connection = new SqliteConnection(connectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL";
            command.ExecuteNonQuery();
            return connectionString;
        }
        catch (SqliteException failed)
        {
            throw new StorageException($"{Path.Combine(dataFolder, file)}: {failed.Message}", failed);
        }
    }
}
