using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>
/// What IMAP changes in an account. Called by the account's one Mailbox actor alone, one call at a time per account; each
/// call is one durable transaction unless it says otherwise. What comes back is what other sessions must be told.
/// </summary>
/// <exception cref="StorageException">Every member: the database failed, nothing was changed.</exception>
public interface IFolderStore
{
    /// <summary>Makes the folder and those above it that are missing (RFC 9051 §6.3.4).</summary>
    Task<FolderChange> CreateFolderAsync(
        AccountId account, FolderName name, string? specialUse, CancellationToken cancellation);

    /// <summary>
    /// The folder is gone at once, its messages and bodies in steps: after a failure the next deletion goes on with them.
    /// </summary>
    Task<FolderChange> DeleteFolderAsync(AccountId account, FolderName name, CancellationToken cancellation);

    /// <summary>Renames with all inferiors; of the INBOX the messages move and it stays (RFC 9051 §6.3.6).</summary>
    Task<FolderChange> RenameFolderAsync(
        AccountId account, FolderName from, FolderName to, CancellationToken cancellation);

    /// <summary>Also a name that no folder has (RFC 9051 §6.3.7). False where the account is gone or has too many.</summary>
    Task<bool> SubscribeAsync(AccountId account, FolderName name, bool subscribed, CancellationToken cancellation);

    /// <summary>All entries or none (RFC 3502 wants it so for several).</summary>
    Task<AppendResult> AppendAsync(
        AccountId account, FolderName folder, IReadOnlyList<AppendEntry> entries, CancellationToken cancellation);

    /// <summary>
    /// Appends the entry, once for each key: both are one transaction. Of one that came before the result has no UIDs and
    /// nothing is changed, also where it would not fit the quota now.
    /// </summary>
    Task<AppendResult> ImportAsync(
        AccountId account, FolderName folder, AppendEntry entry, ImportKey key, CancellationToken cancellation);

    /// <summary>Adds the entry and removes a message in one transaction (RFC 8508); only what is more counts as quota.</summary>
    Task<ReplaceResult> ReplaceAsync(
        AccountId account, FolderId from, Uid uid, FolderName to, AppendEntry entry, CancellationToken cancellation);

    /// <summary>Changes flags; a message that has them so already keeps its MODSEQ.</summary>
    Task<FlagsResult> StoreFlagsAsync(
        AccountId account, FolderId folder, UidSet uids, FlagsChange change, CancellationToken cancellation);

    Task<CopyResult> CopyAsync(
        AccountId account, FolderId from, UidSet uids, FolderName to, CancellationToken cancellation);

    /// <summary>Copies and removes in one transaction (RFC 6851 §3.3).</summary>
    Task<CopyResult> MoveAsync(
        AccountId account, FolderId from, UidSet uids, FolderName to, CancellationToken cancellation);

    /// <summary>Removes those of the set that are \Deleted. Thousands go in several transactions.</summary>
    Task<ExpungeResult> ExpungeAsync(
        AccountId account, FolderId folder, UidSet uids, CancellationToken cancellation);

    /// <summary>
    /// A change that somebody asks for, most often not the owner: done as far as that account's rights go at this moment
    /// (RFC 4314 §4), in the same transaction. What the changes of rights and copies between accounts are done by. Deletions
    /// and removals go in several transactions.
    /// </summary>
    Task<ChangeResult> ChangeAsAsync(
        AccountId account, AccountId asker, MailboxChange change, CancellationToken cancellation);

    /// <summary>Sets and removes METADATA entries, all or none; of the server where there is no folder (RFC 5464 §4.3).</summary>
    Task<AnnotationResult> AnnotateAsync(
        AccountId account, FolderName? folder, ImmutableArray<AnnotationChange> entries, CancellationToken cancellation);

    /// <summary>Keeps what was computed of a body, instead of what is there; nothing where no message has the body.</summary>
    Task WriteStructureAsync(BodyId body, ReadOnlyMemory<byte> data, CancellationToken cancellation);
}
