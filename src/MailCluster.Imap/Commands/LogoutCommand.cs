using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>LOGOUT (RFC 9051 §6.1.3).</summary>
internal sealed record LogoutCommand : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => new LogoutCommand();

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        session.Bye("Good bye");
        return [];
    }
}
