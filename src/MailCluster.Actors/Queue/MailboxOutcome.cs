using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Actors.Queue;

/// <summary>What a Mailbox said, in the words that a next hop would use.</summary>
internal static class MailboxOutcome
{
    public static RecipientOutcome Of(CopyStored stored)
    {
        var (kind, reply) = stored.Outcome switch
        {
            CopyOutcome.Stored => (OutcomeKind.Delivered, Stored),
            CopyOutcome.OverQuota => (OutcomeKind.Deferred, OverQuota),
            CopyOutcome.NoSuchAccount => (OutcomeKind.Failed, NoSuchAccount),
            _ => (OutcomeKind.Deferred, StoreFailed),
        };
        return new RecipientOutcome(stored.Recipient, kind, reply, "mailbox");
    }

    private static readonly Reply Stored =
        new(ReplyCode.Ok, EnhancedStatusCode.Ok, "Stored in mailbox");

    private static readonly Reply OverQuota =
        new(ReplyCode.InsufficientStorage, EnhancedStatusCode.MailboxFull, "Mailbox is full");

    private static readonly Reply NoSuchAccount =
        new(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchMailbox, "The account has been removed");

    private static readonly Reply StoreFailed =
        new(ReplyCode.LocalError, EnhancedStatusCode.SystemNotAccepting, "Mailbox store not available");
}
