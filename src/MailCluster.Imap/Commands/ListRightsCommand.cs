using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>LISTRIGHTS (RFC 4314 §3.4).</summary>
internal sealed record ListRightsCommand(string Name, string Identifier) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var name = reader.Mailbox();
        reader.Space();
        return new ListRightsCommand(name, reader.AString());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        foreach (var effect in session.FindFolder(Name, FolderRights.Administer))
        {
            yield return effect;
        }

        if (session.FoundFolder is null)
        {
            yield break;
        }

        foreach (var effect in session.Identify(Identifier))
        {
            yield return effect;
        }

        if (session.Identified is not { } identifier)
        {
            yield break;
        }

        var place = session.Place!.Value;
        var owner = place.Owner == default ? session.Login!.Id : place.Owner;
        var always = identifier == new AccessIdentifier(owner, IsNegative: false) ? FolderRights.AlwaysOfOwner : FolderRights.None;
        session.Out.Text("* LISTRIGHTS ").Mailbox(place.Shown).Text(" ").String(Identifier).Text(" ")
            .Text(always == FolderRights.None ? "\"\"" : RightsText.Of(always)).Text(" ")
            .Line(RightsText.Single(FolderRights.All & ~always));
    }
}
