using FluentMigrator.Runner;
using MailCluster.Storage.Schema;

namespace MailCluster.Storage.Sqlite;

/// <summary>
/// The store in SQLite files of one folder: spool.db with the bodies, mail.db with the directory and the mailboxes.
/// </summary>
public static class SqliteStorage
{
    // Measured: bodies of 1 KiB cost the same with 8 KiB and 32 KiB; bodies of 100 KiB are taken nearly twice as fast, since
    // the log is written page by page.
    private const int SpoolPageSize = 32 * 1024;
    private const int MailPageSize = 4096;

    /// <summary>Opens the store, with empty tables where there are none.</summary>
    /// <exception cref="StorageException">The folder cannot be used, or its files are of a newer program.</exception>
    public static Task<MailStorage> OpenAsync(SqliteStorageOptions options, TimeProvider time) =>
        Task.Run(() => Open(options, time));

    private static MailStorage Open(SqliteStorageOptions options, TimeProvider time)
    {
        CreateFolder(options.DataFolder);
        var spool = new SqliteDatabase(Path.Combine(options.DataFolder, "spool.db"), SpoolPageSize)
        {
            MaxPages = options.MaxSpoolPages,
        };
        var mail = new SqliteDatabase(Path.Combine(options.DataFolder, "mail.db"), MailPageSize);
        SchemaMigrator.Apply(spool, [SchemaMigrator.Spool], spool.ConnectionString, static runner => runner.AddSQLite());
        SchemaMigrator.Apply(mail, [SchemaMigrator.Mail], mail.ConnectionString, static runner => runner.AddSQLite());
        return new MailStorage(spool, mail, options, time);
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                System.IO.Directory.CreateDirectory(folder);
            }
            else
            {
                // Mail is for nobody else on the machine to read.
                const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
                System.IO.Directory.CreateDirectory(folder, OwnerOnly);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The data folder {folder} cannot be made: {failure.Message}", failure);
        }
    }
}
