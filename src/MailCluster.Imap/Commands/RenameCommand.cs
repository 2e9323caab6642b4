using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>RENAME (RFC 9051 §6.3.6).</summary>
internal sealed record RenameCommand(string From, string To) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var from = reader.Mailbox();
        reader.Space();
        return new RenameCommand(from, reader.Mailbox());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (!session.Named(From, out var from))
        {
            yield break;
        }

        if (!FolderName.TryParse(To, out var to))
        {
            session.No("No mailbox can have this name", "CANNOT");
            yield break;
        }

        yield return new SessionEffect.Change(new MailboxChange.RenameFolder(from, to));
        if (!session.Succeeded(out FolderChange? _))
        {
            yield break;
        }

        if (from.IsInbox)
        {
            session.NoteUnknown(); // its messages have moved
        }
        else if (session.IsRev2)
        {
            yield return SessionEffect.ListFolders.Instance;
            if (session.Got(out EffectAnswer.Folders folders))
            {
                session.TellListed(new FolderView(folders.List), to, new ListOptions(), oldName: from);
            }

            session.Ok("Renamed"); // as it is, whether it could be listed or not
        }
    }
}
