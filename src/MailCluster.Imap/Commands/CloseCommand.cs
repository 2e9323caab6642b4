using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>CLOSE (RFC 9051 §6.4.1) removes what is \Deleted without a word; UNSELECT (§6.4.2) does not.</summary>
internal sealed record CloseCommand(bool Expunges) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => new CloseCommand(true);

    public static ImapCommand ParseUnselect(ref SyntaxReader reader) => new CloseCommand(false);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
        if (Expunges && !selected.IsReadOnly && selected.Folder.Rights.HasFlag(FolderRights.Expunge))
        {
            yield return selected.Change(new MailboxChange.Expunge(selected.Folder.Id, selected.Numbers.Uids));
            if (!session.Succeeded(out ExpungeResult? gone))
            {
                if (session.LacksRight) // RFC 4314 §4: the mailbox is closed all the same
                {
                    session.Unselect();
                    session.Ok("Closed");
                }

                yield break;
            }

            selected.Numbers.Remove(gone.Uids);
            session.Unselect();
            session.Ok("Closed"); // RFC 7162 §3.2.8: without HIGHESTMODSEQ, for changes of others may be untold
            yield break;
        }

        session.Unselect();
    }
}
