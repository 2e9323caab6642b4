using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>GETQUOTAROOT (RFC 9208 §4.1.2): also of a mailbox that there is not yet.</summary>
internal sealed record GetQuotaRootCommand(string Name) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        return new GetQuotaRootCommand(reader.Mailbox());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (!session.Named(Name, out var name))
        {
            yield break;
        }

        yield return SessionEffect.ReadQuota.Instance;
        if (GetQuotaCommand.TryGet(session, out var usage))
        {
            session.Out.Text("* QUOTAROOT ").Mailbox(name).Text(" ").String(GetQuotaCommand.OnlyRoot).Line();
            GetQuotaCommand.Tell(session, usage);
        }
    }
}
