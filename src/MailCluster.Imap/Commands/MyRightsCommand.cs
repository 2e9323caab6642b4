using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>MYRIGHTS (RFC 4314 §3.5).</summary>
internal sealed record MyRightsCommand(string Name) : ImapCommand
{
    /// <summary>RFC 4314 §4: any of them is enough.</summary>
    private const FolderRights Needed = FolderRights.Lookup | FolderRights.Read | FolderRights.Insert
        | FolderRights.CreateBelow | FolderRights.DeleteFolder | FolderRights.Administer;

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        return new MyRightsCommand(reader.Mailbox());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        foreach (var effect in session.FindFolder(Name, FolderRights.None))
        {
            yield return effect;
        }

        if (session.FoundFolder is { } folder)
        {
            if ((folder.Rights & Needed) == 0)
            {
                session.No("No such mailbox", "NONEXISTENT");
            }
            else
            {
                session.Out.Text("* MYRIGHTS ").Mailbox(session.Place!.Value.Shown).Text(" ").Line(RightsText.Of(folder.Rights));
            }
        }
    }
}
