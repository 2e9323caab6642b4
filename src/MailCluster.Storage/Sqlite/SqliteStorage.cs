using FluentMigrator.Runner;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Schema;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Sqlite;

/// <summary>
/// All that is stored, in SQLite files of one folder: spool.db with the bodies, mail.db with the directory and the
/// mailboxes. They are apart so that their writers never wait for each other. Disposing ends after all that was asked
/// for is on disk.
/// </summary>
public sealed class SqliteStorage : IAsyncDisposable
{
    // Measured: bodies of 1 KiB cost the same with 8 KiB and 32 KiB; bodies of 100 KiB are taken nearly twice as fast, since
    // the log is written page by page.
    private const int SpoolPageSize = 32 * 1024;
    private const int MailPageSize = 4096;

    private readonly GroupWriter<SpoolChanges> _spoolWrites;
    private readonly ReadPool<SpoolQueries> _spoolReads;
    private readonly GroupWriter<MailChanges> _mailWrites;
    private readonly ReadPool<MailboxQueries> _mailboxReads;
    private readonly ReadPool<DirectoryQueries> _directoryReads;

    private SqliteStorage(SqliteDatabase spool, SqliteDatabase mail, SqliteStorageOptions options, TimeProvider time)
    {
        var places = new ChunkPlaces();
        _spoolWrites = new("spool writer", spool, connection => new SpoolChanges(connection, places));
        _spoolReads = new(spool, static connection => new SpoolQueries(connection));
        _mailWrites = new("mail writer", mail, static connection => new MailChanges(connection));
        _mailboxReads = new(mail, static connection => new MailboxQueries(connection));
        _directoryReads = new(mail, static connection => new DirectoryQueries(connection));

        var recent = new RecentCache<BodyId, byte[]>(options.RecentBodyBytes);
        var bodies = new SqlSpool(_spoolWrites, _spoolReads, new BodyReferences(_mailboxReads), recent);
        var mailboxes = new SqlMailboxStore(_mailWrites, _mailboxReads, bodies, time);
        var answers = new DirectoryCache(_directoryReads, time);
        Spool = bodies;
        Mailboxes = mailboxes;
        Directory = new SqlDirectory(_directoryReads, answers);
        Administration = new SqlDirectoryAdministration(_mailWrites, _directoryReads, answers, mailboxes, time);
    }

    public ISpool Spool { get; }

    public IMailboxStore Mailboxes { get; }

    public IDirectory Directory { get; }

    public IDirectoryAdministration Administration { get; }

    /// <summary>Opens the store, with empty tables where there are none.</summary>
    /// <exception cref="StorageException">The folder cannot be used, or its files are of a newer program.</exception>
    public static Task<SqliteStorage> OpenAsync(SqliteStorageOptions options, TimeProvider time) =>
        Task.Run(() => Open(options, time));

    public async ValueTask DisposeAsync()
    {
        // Mailboxes discard bodies: the spool's writer ends last.
        await _mailWrites.DisposeAsync().ConfigureAwait(false);
        await _spoolWrites.DisposeAsync().ConfigureAwait(false);
        _spoolReads.Dispose();
        _mailboxReads.Dispose();
        _directoryReads.Dispose();
    }

    private static SqliteStorage Open(SqliteStorageOptions options, TimeProvider time)
    {
        CreateFolder(options.DataFolder);
        var spool = new SqliteDatabase(Path.Combine(options.DataFolder, "spool.db"), SpoolPageSize)
        {
            MaxPages = options.MaxSpoolPages,
        };
        var mail = new SqliteDatabase(Path.Combine(options.DataFolder, "mail.db"), MailPageSize);
        SchemaMigrator.Apply(spool, SchemaMigrator.Spool, spool.ConnectionString, static runner => runner.AddSQLite());
        SchemaMigrator.Apply(mail, SchemaMigrator.Mail, mail.ConnectionString, static runner => runner.AddSQLite());
        return new SqliteStorage(spool, mail, options, time);
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
