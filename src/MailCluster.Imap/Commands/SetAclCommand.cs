using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>SETACL, DELETEACL (RFC 4314 §3.1, §3.2): an entry without rights is none.</summary>
/// <param name="Rights">As they were written, with their "+" or "-".</param>
internal sealed record SetAclCommand(string Name, string Identifier, string Rights) : ImapCommand
{
    public static ImapCommand ParseSet(ref SyntaxReader reader)
    {
        var (name, identifier) = Begin(ref reader);
        reader.Space();
        return new SetAclCommand(name, identifier, reader.AString());
    }

    public static ImapCommand ParseDelete(ref SyntaxReader reader)
    {
        var (name, identifier) = Begin(ref reader);
        return new SetAclCommand(name, identifier, "");
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var action = Rights is ['+', ..] ? FlagsAction.Add : Rights is ['-', ..] ? FlagsAction.Remove : FlagsAction.Replace;
        if (!RightsText.TryParse(action == FlagsAction.Replace ? Rights : Rights[1..], out var rights, out var error))
        {
            session.Bad(error);
            yield break;
        }

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

        if (session.Identified is { } identifier)
        {
            var place = session.Place!.Value;
            yield return new SessionEffect.Change(new MailboxChange.SetRights(place.Name, identifier, action, rights))
            {
                Owner = place.Owner,
            };
            session.Succeeded(out FolderChange? _);
        }
    }

    private static (string Name, string Identifier) Begin(ref SyntaxReader reader)
    {
        reader.Space();
        var name = reader.Mailbox();
        reader.Space();
        return (name, reader.AString());
    }
}
