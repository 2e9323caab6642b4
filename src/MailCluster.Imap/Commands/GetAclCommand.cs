using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>GETACL (RFC 4314 §3.3). The owner stands first, with what it always has.</summary>
internal sealed record GetAclCommand(string Name) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        return new GetAclCommand(reader.Mailbox());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        foreach (var effect in session.FindFolder(Name, FolderRights.Administer))
        {
            yield return effect;
        }

        if (session.FoundFolder is not { } folder)
        {
            yield break;
        }

        yield return new SessionEffect.ReadAccess(folder.Id);
        if (session.Got(out EffectAnswer.Access access))
        {
            Tell(session, session.Place!.Value, access);
        }
    }

    private static void Tell(ImapSession session, FolderPlace place, EffectAnswer.Access access)
    {
        var owner = place.Owner == default ? session.Login!.Id : place.Owner;
        var own = new AccessIdentifier(owner, IsNegative: false);
        var rights = access.Entries.FirstOrDefault(entry => entry.Identifier == own)?.Rights ?? FolderRights.All;
        session.Out.Text("* ACL ").Mailbox(place.Shown).Text(" ").String(place.Address).Text(" ")
            .Text(RightsText.Of(rights | FolderRights.AlwaysOfOwner));
        foreach (var entry in access.Entries.Where(entry => entry.Identifier != own))
        {
            var name = entry.Identifier.IsAnyone ? "anyone" : entry.Address;
            session.Out.Text(" ").String(entry.Identifier.IsNegative ? "-" + name : name).Text(" ")
                .Text(RightsText.Of(entry.Rights));
        }

        session.Out.Line();
    }
}
