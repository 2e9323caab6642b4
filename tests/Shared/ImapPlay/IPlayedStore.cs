using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.ImapPlay;

/// <summary>Store and Mailbox of one account, as the sessions of a play use them: in memory, or the real ones.</summary>
internal interface IPlayedStore
{
    EffectAnswer Answer(SessionEffect effect);

    /// <summary>A message from outside for the INBOX.</summary>
    AppendResult Deliver(MailboxChange.Append message);
}
