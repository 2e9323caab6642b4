using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>NAMESPACE (RFC 9051 §6.3.10): one's own folders, and no others yet.</summary>
internal sealed record NamespaceCommand : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => new NamespaceCommand();

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        session.Out.Line("* NAMESPACE ((\"\" \"/\")) NIL NIL");
        return [];
    }
}
