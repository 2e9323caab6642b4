using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>CAPABILITY (RFC 9051 §6.1.1).</summary>
internal sealed record CapabilityCommand : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => new CapabilityCommand();

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        session.Out.Text("* CAPABILITY ").Line(Capabilities.Of(session));
        return [];
    }
}
