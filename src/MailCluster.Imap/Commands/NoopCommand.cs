using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>NOOP (RFC 9051 §6.1.2) and CHECK (RFC 3501 §6.4.1): tell what is new. All else is durable already.</summary>
internal sealed record NoopCommand : ImapCommand
{
    public override bool LooksForChanges => true;

    public static ImapCommand Parse(ref SyntaxReader reader) => new NoopCommand();

    public static ImapCommand ParseCheck(ref SyntaxReader reader) => new NoopCommand();

    public override IEnumerable<SessionEffect> Run(ImapSession session) => [];
}
