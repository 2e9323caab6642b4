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
        foreach (var effect in session.Locate(From))
        {
            yield return effect;
        }

        if (session.Place is not { } from)
        {
            yield break;
        }

        foreach (var effect in session.LocateNew(To))
        {
            yield return effect;
        }

        if (session.Place is not { } to)
        {
            yield break;
        }

        if (from.Owner != to.Owner)
        {
            session.No("A mailbox stays with its owner", "CANNOT");
            yield break;
        }

        yield return new SessionEffect.Change(new MailboxChange.RenameFolder(from.Name, to.Name)) { Owner = from.Owner };
        if (!session.Succeeded(out FolderChange? renamed))
        {
            yield break;
        }

        if (from.Owner == default)
        {
            session.Watch?.Folders?.NoteRenamed(renamed.Folder, from.Name, to.Name);
        }

        if (from.Name.IsInbox)
        {
            session.NoteUnknown(); // its messages have moved
        }
        else if (session.IsRev2)
        {
            yield return SessionEffect.ListFolders.Instance;
            if (session.Got(out EffectAnswer.Folders folders))
            {
                var view = new FolderView(OtherUsers.Together(folders));
                session.TellListed(view, FolderName.Parse(To), new ListOptions(), oldName: FolderName.Parse(From));
            }

            session.Ok("Renamed"); // as it is, whether it could be listed or not
        }
    }
}
