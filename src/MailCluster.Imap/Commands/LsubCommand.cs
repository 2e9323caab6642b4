using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>LSUB (RFC 3501 §6.3.9).</summary>
internal sealed record LsubCommand(string Reference, string Pattern) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var reference = reader.Mailbox();
        reader.Space();
        return new LsubCommand(reference, reader.ListMailbox());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        yield return SessionEffect.ListFolders.Instance;
        if (!session.Got(out EffectAnswer.Folders folders))
        {
            yield break;
        }

        var pattern = new FolderPattern(Reference + Pattern);
        var told = new HashSet<FolderName>();
        var subscribed = folders.List.Subscribed.ToHashSet();
        foreach (var name in folders.List.Subscribed)
        {
            if (pattern.Matches(name))
            {
                Tell(session, name, told, "");
            }
            else
            {
                // RFC 3501 §6.3.9: with "%" a name stands for subscribed ones below it.
                for (var above = name.Parent; above is { } parent; above = parent.Parent)
                {
                    if (pattern.Matches(parent) && !subscribed.Contains(parent))
                    {
                        Tell(session, parent, told, @"\Noselect");
                    }
                }
            }

            if (session.Out.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
            }
        }
    }

    private static void Tell(ImapSession session, FolderName name, HashSet<FolderName> told, string attribute)
    {
        if (told.Add(name))
        {
            session.Out.Text("* LSUB (").Text(attribute).Text(") \"/\" ").Mailbox(name).Line();
        }
    }
}
