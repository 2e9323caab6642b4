using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>DELETE (RFC 9051 §6.3.5).</summary>
internal sealed record DeleteCommand(string Name) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        return new DeleteCommand(reader.Mailbox());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        foreach (var effect in session.Locate(Name))
        {
            yield return effect;
        }

        if (session.Place is not { } place)
        {
            yield break;
        }

        yield return new SessionEffect.Change(new MailboxChange.DeleteFolder(place.Name)) { Owner = place.Owner };
        if (!session.Succeeded(out FolderChange? gone))
        {
            yield break;
        }

        if (session.Selected?.Folder.Id == gone.Folder)
        {
            session.Unselect();
        }

        session.Watch?.Folders?.NoteDeleted(gone.Folder);
    }
}
