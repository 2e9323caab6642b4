using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Mailboxes;

/// <summary>Something for or about one account; the account decides which Mailbox actor gets it.</summary>
public interface IWithAccount
{
    AccountId Account { get; }
}

/// <summary>
/// Store one copy: from a queue partition, repeated until answered with <see cref="CopyStored"/>. A copy that is there
/// already is answered alike.
/// </summary>
/// <param name="Attempt">The partition's number of this attempt, sent back as it is.</param>
/// <param name="Recipient">Index of the recipient in the queue entry, sent back as it is.</param>
public sealed record StoreCopy(
    AccountId Account, QueueId QueueId, long Attempt, int Recipient, ReversePath ReversePath, ForwardPath Path,
    long BodySize, DateTimeOffset ReceivedAt) : IWithAccount;

/// <summary>What became of a copy: from the Mailbox to the partition.</summary>
public sealed record CopyStored(QueueId QueueId, long Attempt, int Recipient, CopyOutcome Outcome);

/// <summary>What became of a copy; numbers travel, never reused.</summary>
public enum CopyOutcome
{
    Stored = 0,
    OverQuota = 1,
    NoSuchAccount = 2,
    StoreFailed = 3,
}

/// <summary>
/// Lock the maildrop (RFC 1939 §3): from a POP3 connection, repeated until answered with
/// <see cref="MaildropLockAnswer"/>. The lock goes when the connection's actor stops.
/// </summary>
public sealed record LockMaildrop(AccountId Account) : IWithAccount;

/// <summary>Whether the maildrop is locked for who asked: from the Mailbox, which says whose it is.</summary>
public sealed record MaildropLockAnswer(AccountId Account, bool Locked);

/// <summary>
/// Remove messages of the INBOX for good: from a connection, repeated until answered with
/// <see cref="MessagesExpunged"/>.
/// </summary>
public sealed record ExpungeMessages(AccountId Account, ImmutableArray<Uid> Uids) : IWithAccount;

/// <summary>Whether the messages are gone; a message that was gone before counts as gone.</summary>
public sealed record MessagesExpunged(bool Succeeded);
