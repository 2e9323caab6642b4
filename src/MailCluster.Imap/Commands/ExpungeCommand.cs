using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>EXPUNGE (RFC 9051 §6.4.3), UID EXPUNGE (§6.4.9).</summary>
internal sealed record ExpungeCommand(NumberSet? Uids) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => new ExpungeCommand((NumberSet?)null);

    public static ImapCommand ParseUid(ref SyntaxReader reader)
    {
        reader.Space();
        return new ExpungeCommand(reader.SequenceSet());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
        if (!session.MayWrite())
        {
            yield break;
        }

        // Only what the client knows: a message that came meanwhile is not its to remove.
        var uids = Uids is null ? selected.Numbers.Uids : selected.Resolve(Uids, isUid: true)!;
        yield return selected.Change(new MailboxChange.Expunge(selected.Folder.Id, uids));
        if (!session.Succeeded(out ExpungeResult? gone) || gone.ModSeq == 0)
        {
            yield break;
        }

        session.TellExpunged(selected, gone.Uids);
        selected.NoteOwn(gone.Before, gone.ModSeq);
        if (session.Enabled.HasFlag(Extensions.Qresync))
        {
            session.Ok("Expunged", ImapSession.HighestModSeqCode); // RFC 7162 §3.2.7
        }
    }
}
