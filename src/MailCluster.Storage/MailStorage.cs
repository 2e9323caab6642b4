using MailCluster.Mail.Identity;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Membership;
using MailCluster.Storage.Search;
using MailCluster.Storage.Settings;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage;

/// <summary>
/// All that is stored beside the journal: bodies in one database, directory and mailboxes in another, which may be the
/// same. Bodies have a writer of their own, so that the two never wait for each other. Disposing ends after all that was
/// asked for is on disk. Safe for any number of threads.
/// </summary>
public sealed class MailStorage : IAsyncDisposable
{
    private readonly GroupWriter<SpoolChanges> _spoolWrites;
    private readonly Reads<SpoolQueries> _spoolReads;
    private readonly GroupWriter<MailChanges> _mailWrites;
    private readonly Reads<MailboxQueries> _mailboxReads;
    private readonly Reads<DirectoryQueries> _directoryReads;
    private readonly Reads<TextQueries> _textReads;

    internal MailStorage(SqlDatabase spool, SqlDatabase mail, StorageOptions options, TimeProvider time)
    {
        FixedSettings = new SqlFixedSettings(mail);
        Membership = mail.IsShared ? new SqlMembershipRegister(mail) : null;
        var places = spool.NewChunkPlaces();
        _spoolWrites = new("spool writer", spool, database => new SpoolChanges(database, places));
        _spoolReads = spool.OpenReads("spool", static database => new SpoolQueries(database));
        _mailWrites = new("mail writer", mail, static database => new MailChanges(database));
        _mailboxReads = mail.OpenReads("mailbox", static database => new MailboxQueries(database));
        _directoryReads = mail.OpenReads("directory", static database => new DirectoryQueries(database));
        _textReads = mail.OpenReads("text", static database => new TextQueries(database));

        var recent = new RecentCache<BodyId, byte[]>(options.RecentBodyBytes);
        var bodies = new SqlSpool(_spoolWrites, _spoolReads, new BodyReferences(_mailboxReads), recent);
        var mailboxes = new SqlMailboxStore(_mailWrites, _mailboxReads, bodies, time);
        var answers = new DirectoryCache(_directoryReads, time);
        Spool = bodies;
        Mailboxes = mailboxes;
        Folders = new SqlFolderStore(_mailWrites, mailboxes, time);
        FolderReader = new SqlFolderReader(_mailboxReads);
        Texts = new SqlTextIndex(new(_mailWrites, options.IndexingShare, time), _textReads);
        Directory = new SqlDirectory(_directoryReads, answers);
        Administration = new SqlDirectoryAdministration(_mailWrites, _directoryReads, answers, mailboxes, time);
    }

    public ISpool Spool { get; }

    public IMailboxStore Mailboxes { get; }

    public IFolderStore Folders { get; }

    public IFolderReader FolderReader { get; }

    public ITextIndex Texts { get; }

    public IDirectory Directory { get; }

    public IDirectoryAdministration Administration { get; }

    public IFixedSettings FixedSettings { get; }

    /// <summary>Null where the database belongs to one node alone.</summary>
    public IMembershipRegister? Membership { get; }

    /// <summary>Done where the database answers.</summary>
    /// <exception cref="StorageException">It does not.</exception>
    public Task CheckAsync(CancellationToken cancellation) =>
        _directoryReads.ReadAsync(0, static (queries, _) => queries.Version(), cancellation);

    public async ValueTask DisposeAsync()
    {
        // Mailboxes discard bodies: the spool's writer ends last.
        await _mailWrites.DisposeAsync().ConfigureAwait(false);
        await _spoolWrites.DisposeAsync().ConfigureAwait(false);
        _spoolReads.Dispose();
        _mailboxReads.Dispose();
        _directoryReads.Dispose();
        _textReads.Dispose();
    }
}
