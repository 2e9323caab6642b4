using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Mailboxes;

/// <summary>
/// Change folders or messages of the account: from a connection, answered with <see cref="MailboxChanged"/> or
/// <see cref="MailboxChangeFailed"/>. Where no answer comes, only a change that may be repeated is asked for again.
/// </summary>
/// <param name="Request">The asker's number, sent back as it is.</param>
public sealed record ChangeMailbox(AccountId Account, long Request, MailboxChange Change) : IWithAccount;

/// <summary>
/// The same under the rights that an account has in this one (RFC 4314): from a connection, answered alike. It is a message
/// of its own, for a node that does not know it must not take it for the owner's.
/// </summary>
/// <param name="Account">Whose folder it is.</param>
/// <param name="AskedBy">Who wants it: another account, or the owner.</param>
public sealed record ChangeMailboxAs(AccountId Account, AccountId AskedBy, long Request, MailboxChange Change) : IWithAccount;

/// <summary>The change is durable, or was refused: from the Mailbox to who asked.</summary>
public sealed record MailboxChanged(long Request, ChangeResult Result);

/// <summary>The store failed, or too much waits: from the Mailbox to who asked. It may be tried again.</summary>
public sealed record MailboxChangeFailed(long Request);

/// <summary>
/// Tell me what changes: from a connection, repeated until answered with <see cref="MailboxWatched"/>. Ends with the
/// connection's actor, or with <see cref="UnwatchMailbox"/>. Who watches is told by DeathWatch when the Mailbox moves.
/// </summary>
public sealed record WatchMailbox(AccountId Account) : IWithAccount;

/// <summary>Notices come from now on: from the Mailbox, which says whose it is.</summary>
public sealed record MailboxWatched(AccountId Account);

/// <summary>No more notices: from a connection. No answer.</summary>
public sealed record UnwatchMailbox(AccountId Account) : IWithAccount;

/// <summary>
/// A folder has changed: from the Mailbox to all who watch, before whoever changed it has its answer. It says only that
/// there is something to read, so one that is lost is made good by the next.
/// </summary>
/// <param name="Folder">0 for "look yourself".</param>
/// <param name="ModSeq">The folder's highest.</param>
public sealed record MailboxNotice(AccountId Account, FolderId Folder, long ModSeq);
