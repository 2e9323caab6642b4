using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>NAMESPACE (RFC 9051 §6.3.10, RFC 2342 §5): one's own folders, and those that others share.</summary>
internal sealed record NamespaceCommand : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => new NamespaceCommand();

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        session.Out.Line($"* NAMESPACE ((\"\" \"/\")) ((\"{OtherUsers.Prefix}\" \"/\")) NIL");
        return [];
    }
}
