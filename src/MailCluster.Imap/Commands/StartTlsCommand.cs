using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>STARTTLS (RFC 9051 §6.2.1).</summary>
internal sealed record StartTlsCommand : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => new StartTlsCommand();

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (!session.Options.TlsAvailable || session.IsSecure)
        {
            session.Bad("TLS is not available, or has begun");
            yield break;
        }

        session.CompleteNow("Begin TLS negotiation now");
        yield return SessionEffect.StartTls.Instance;
        session.IsSecure = true;
    }
}
