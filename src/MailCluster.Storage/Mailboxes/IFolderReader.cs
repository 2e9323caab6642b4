using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What IMAP reads, from any node at any time. Each call sees one moment. Safe for any number of threads.</summary>
/// <exception cref="StorageException">Every member: the database failed.</exception>
public interface IFolderReader
{
    /// <summary>All folders with their counters, and all subscribed names, in the order of their names.</summary>
    Task<FolderList> ListFoldersAsync(AccountId account, CancellationToken cancellation);

    /// <summary>The folder with all its UIDs, as SELECT begins with them; null where there is none.</summary>
    Task<OpenedFolder?> OpenFolderAsync(AccountId account, FolderName name, CancellationToken cancellation);

    /// <summary>The counters alone, for STATUS.</summary>
    Task<Folder?> FindFolderAsync(AccountId account, FolderName name, CancellationToken cancellation);

    /// <summary>Messages behind <paramref name="after"/> in UID order, at most <paramref name="limit"/>.</summary>
    Task<ImmutableArray<FetchedMessage>> FetchAsync(
        FolderId folder, UidSet uids, FetchColumns columns, Uid after, int limit, CancellationToken cancellation);

    /// <summary>What the columns alone can answer of SEARCH; a million messages are a few ranges.</summary>
    Task<UidSet> FindUidsAsync(FolderId folder, MessageCriteria criteria, CancellationToken cancellation);

    /// <summary>The highest MODSEQ of those of the set that are there, 0 where none is.</summary>
    Task<long> HighestModSeqAsync(FolderId folder, UidSet uids, CancellationToken cancellation);

    /// <summary>What came, changed and went after the MODSEQ, of one moment; null where the folder is gone.</summary>
    Task<FolderNews?> ReadNewsAsync(FolderId folder, long since, CancellationToken cancellation);

    /// <summary>What went after the MODSEQ (RFC 7162 §3.2.6, VANISHED).</summary>
    Task<ExpungedUids> ExpungedSinceAsync(FolderId folder, long modseq, CancellationToken cancellation);

    /// <summary>Folders of others that the account sees (RFC 4314 §4, LIST), with their counters and its rights.</summary>
    Task<ImmutableArray<SharedFolder>> ListSharedAsync(AccountId asker, CancellationToken cancellation);

    /// <summary>As <see cref="FindFolderAsync"/>, with the rights of somebody who does not own it: there may be none.</summary>
    Task<Folder?> FindSharedAsync(
        AccountId owner, AccountId asker, FolderName name, CancellationToken cancellation);

    /// <summary>As <see cref="OpenFolderAsync"/>, with the rights of somebody who does not own it: there may be none.</summary>
    Task<OpenedFolder?> OpenSharedAsync(
        AccountId owner, AccountId asker, FolderName name, CancellationToken cancellation);

    /// <summary>What somebody may do who does not own the folder.</summary>
    Task<FolderRights> GetSharedRightsAsync(FolderId folder, AccountId asker, CancellationToken cancellation);

    /// <summary>The list of the folder (RFC 4314 §3.3); without an entry of its own the owner has all rights.</summary>
    Task<ImmutableArray<AccessEntry>> ListAccessAsync(FolderId folder, CancellationToken cancellation);

    Task<QuotaUsage?> GetQuotaAsync(AccountId account, CancellationToken cancellation);

    /// <summary>Those of the keys whose messages the account has taken (<see cref="IFolderStore.ImportAsync"/>).</summary>
    Task<HashSet<ImportKey>> FindImportedAsync(
        AccountId account, IReadOnlyCollection<ImportKey> keys, CancellationToken cancellation);

    /// <summary>All METADATA entries of a folder, or of the server, in the order of their names.</summary>
    Task<ImmutableArray<Annotation>> ReadAnnotationsAsync(
        AccountId account, FolderId folder, CancellationToken cancellation);

    /// <summary>The METADATA entries with these names, of all folders.</summary>
    Task<ImmutableArray<Annotation>> FindAnnotationsAsync(
        AccountId account, ImmutableArray<EntryName> names, CancellationToken cancellation);

    /// <summary>Which METADATA entries were set or removed after the MODSEQ.</summary>
    Task<AnnotationNews> ReadAnnotationNewsAsync(AccountId account, long since, CancellationToken cancellation);

    /// <summary>What was computed of a body, or null.</summary>
    Task<byte[]?> ReadStructureAsync(BodyId body, CancellationToken cancellation);
}
