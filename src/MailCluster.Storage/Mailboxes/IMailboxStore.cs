using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>
/// Folders and messages of accounts. Reads may come from anywhere; the writing members are called by the account's one
/// Mailbox actor alone, one call at a time per account. Safe for any number of threads over many accounts.
/// </summary>
/// <exception cref="StorageException">Every member: the database failed, nothing was changed.</exception>
public interface IMailboxStore
{
    /// <summary>
    /// Stores a batch into the account's INBOX in one durable transaction, giving UIDs and MODSEQs in order. A copy whose
    /// (queue id, recipient) the account already took is answered as stored and changes nothing. A copy that does not
    /// fit the quota is answered <see cref="StoreOutcome.OverQuota"/>.
    /// </summary>
    Task<ImmutableArray<StoreOutcome>> StoreAsync(
        AccountId account, IReadOnlyList<IncomingCopy> copies, CancellationToken cancellation);

    /// <summary>Octets used by all messages of the account.</summary>
    Task<long> GetUsedBytesAsync(AccountId account, CancellationToken cancellation);

    /// <summary>The INBOX in UID order, without touching a body; null where the account has none.</summary>
    Task<FolderListing?> ListInboxAsync(AccountId account, CancellationToken cancellation);

    /// <summary>What stands before the body (Return-Path and the like), and which body; null where it is gone.</summary>
    Task<StoredMessage?> FindMessageAsync(AccountId account, Uid uid, CancellationToken cancellation);

    /// <summary>
    /// Removes messages of the INBOX for good and deletes bodies that nobody else holds. Returns those that were there.
    /// Thousands go in several transactions: after a failure some may be gone, and the call can be repeated.
    /// </summary>
    Task<ImmutableArray<Uid>> ExpungeInboxAsync(
        AccountId account, IReadOnlyCollection<Uid> uids, CancellationToken cancellation);
}

/// <summary>A copy on its way into an account.</summary>
/// <param name="QueueId">The entry it comes from; with <paramref name="Recipient"/> the key that makes repeats harmless.</param>
/// <param name="Recipient">The final forward-path.</param>
/// <param name="Prefix">Header lines to stand before the body, each with CRLF: Return-Path, Delivered-To.</param>
/// <param name="Body">The spooled body, held by the queue while this call runs.</param>
/// <param name="BodySize">Octets of the body.</param>
/// <param name="ReceivedAt">Becomes the internal date.</param>
public sealed record IncomingCopy(
    QueueId QueueId, ForwardPath Recipient, string Prefix, BodyId Body, long BodySize, DateTimeOffset ReceivedAt);

/// <summary>What became of one copy.</summary>
public enum StoreOutcome
{
    Stored,
    AlreadyStored,
    OverQuota,
    NoSuchAccount,
}

/// <summary>One folder's messages, in UID order.</summary>
public sealed record FolderListing(UidValidity UidValidity, ImmutableArray<ListedMessage> Messages);

/// <summary>A message as a listing shows it; <paramref name="Size"/> counts prefix and body.</summary>
public readonly record struct ListedMessage(Uid Uid, long Size);

/// <summary>Where the octets of a stored message are: the prefix, then the body.</summary>
public sealed record StoredMessage(Uid Uid, string Prefix, BodyId Body, long Size, DateTimeOffset InternalDate);
