using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>CREATE (RFC 9051 §6.3.4), with a special use (RFC 6154 §3).</summary>
internal sealed record CreateCommand(string Name, string? SpecialUse) : ImapCommand
{
    private static readonly string[] Uses = [@"\Archive", @"\Drafts", @"\Junk", @"\Sent", @"\Trash"];

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var name = reader.Mailbox();
        string? use = null;
        if (reader.Try(' '))
        {
            reader.Expect('(');
            if (!reader.TryWord("USE"))
            {
                reader.Fail("USE");
            }

            reader.Space();
            use = string.Join(' ', reader.FlagList());
            reader.Expect(')');
        }

        return new CreateCommand(name, use is "" ? null : use);
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        // RFC 9051 §6.3.4: a separator at the end says only that others will stand below.
        foreach (var effect in session.LocateNew(Name.TrimEnd(FolderName.Separator)))
        {
            yield return effect;
        }

        if (session.Place is not { } place)
        {
            yield break;
        }

        var use = Uses.FirstOrDefault(known => known.Equals(SpecialUse, StringComparison.OrdinalIgnoreCase));
        if (SpecialUse is not null && use is null)
        {
            session.No("No such special use", "USEATTR"); // RFC 6154 §3
            yield break;
        }

        yield return new SessionEffect.Change(new MailboxChange.CreateFolder(place.Name, use)) { Owner = place.Owner };
        if (session.Succeeded(out FolderChange? made))
        {
            if (place.Owner == default)
            {
                session.Watch?.Folders?.NoteCreated(made.Folder, place.Name);
            }

            session.Ok("Created", $"MAILBOXID ({made.Folder.MailboxId})"); // RFC 8474 §4.1
        }
    }
}
