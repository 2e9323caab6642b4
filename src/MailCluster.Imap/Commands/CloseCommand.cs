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
        if (Expunges && !selected.IsReadOnly)
        {
            yield return new SessionEffect.Change(new MailboxChange.Expunge(selected.Folder.Id, selected.Numbers.Uids));
            if (!session.Succeeded(out ExpungeResult? gone))
            {
                yield break;
            }

            // RFC 7162 §3.2.8
            session.Unselect();
            session.Ok("Closed", session.Enabled.HasFlag(Extensions.Qresync) && gone.ModSeq > 0 ? $"HIGHESTMODSEQ {gone.ModSeq}" : null);
            yield break;
        }

        session.Unselect();
    }
}
