using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What IMAP reads, in the mail database.</summary>
internal sealed partial class SqlFolderReader(Reads<MailboxQueries> reads) : IFolderReader
{
    public Task<FolderList> ListFoldersAsync(AccountId account, CancellationToken cancellation) =>
        ReadAsync(account, static (folders, account) => folders.List(account), cancellation);

    public Task<OpenedFolder?> OpenFolderAsync(AccountId account, FolderName name, CancellationToken cancellation) =>
        ReadAsync((account, name), static (folders, key) => folders.Open(key.account, key.name), cancellation);

    public Task<Folder?> FindFolderAsync(AccountId account, FolderName name, CancellationToken cancellation) =>
        ReadAsync((account, name), static (folders, key) => folders.Find(key.account, key.name), cancellation);

    public Task<ImmutableArray<FetchedMessage>> FetchAsync(
        FolderId folder, UidSet uids, FetchColumns columns, Uid after, int limit, CancellationToken cancellation) =>
        ReadAsync(
            (folder, uids, columns, after, limit),
            static (folders, key) => folders.Fetch(key.folder, key.uids, key.columns, key.after, key.limit),
            cancellation);

    public Task<UidSet> FindUidsAsync(FolderId folder, MessageCriteria criteria, CancellationToken cancellation) =>
        ReadAsync(
            (folder, criteria), static (folders, key) => folders.FindUids(key.folder, key.criteria), cancellation);

    public Task<long> HighestModSeqAsync(FolderId folder, UidSet uids, CancellationToken cancellation) =>
        ReadAsync((folder, uids), static (folders, key) => folders.HighestModSeq(key.folder, key.uids), cancellation);

    public Task<FolderNews?> ReadNewsAsync(FolderId folder, long since, CancellationToken cancellation) =>
        ReadAsync((folder, since), static (folders, key) => folders.News(key.folder, key.since), cancellation);

    public Task<ExpungedUids> ExpungedSinceAsync(FolderId folder, long modseq, CancellationToken cancellation) =>
        ReadAsync((folder, modseq), static (folders, key) => folders.ExpungedSince(key.folder, key.modseq), cancellation);

    public Task<QuotaUsage?> GetQuotaAsync(AccountId account, CancellationToken cancellation) =>
        ReadAsync(account, static (folders, account) => folders.Quota(account), cancellation);

    public Task<HashSet<ImportKey>> FindImportedAsync(
        AccountId account, IReadOnlyCollection<ImportKey> keys, CancellationToken cancellation) => Task.Run(
        () => reads.ReadAsync(
            (account, keys), static (queries, sought) => queries.Imports.Among(sought.account, sought.keys), cancellation),
        cancellation);

    public Task<byte[]?> ReadStructureAsync(BodyId body, CancellationToken cancellation) =>
        ReadAsync(body, static (folders, body) => folders.Structure(body), cancellation);

    public Task<ImmutableArray<Annotation>> ReadAnnotationsAsync(
        AccountId account, FolderId folder, CancellationToken cancellation) =>
        reads.ReadAsync(
            (account, folder),
            static (queries, key) => queries.Annotations.OfFolder(key.account, key.folder),
            cancellation);

    public Task<ImmutableArray<Annotation>> FindAnnotationsAsync(
        AccountId account, ImmutableArray<EntryName> names, CancellationToken cancellation) =>
        reads.ReadAsync(
            (account, names), static (queries, key) => queries.Annotations.Named(key.account, key.names), cancellation);

    public Task<AnnotationNews> ReadAnnotationNewsAsync(AccountId account, long since, CancellationToken cancellation) =>
        reads.ReadAsync(
            (account, since), static (queries, key) => queries.Annotations.News(key.account, key.since), cancellation);

    // A large folder is no work for an actor's thread.
    private Task<TResult> ReadAsync<TState, TResult>(
        TState state, Func<FolderQueries, TState, TResult> query, CancellationToken cancellation) => Task.Run(
        () => reads.ReadAsync(
            (state, query), static (queries, work) => work.query(queries.Folders, work.state), cancellation),
        cancellation);
}
