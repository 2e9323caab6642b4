using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>UNAUTHENTICATE (RFC 8437): the connection is as after its greeting, but for TLS.</summary>
internal sealed record UnauthenticateCommand : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => new UnauthenticateCommand();

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (!session.Options.UnauthenticateAvailable)
        {
            session.Bad("Unknown command");
            yield break;
        }

        yield return SessionEffect.ForgetAccount.Instance;
        session.Got(out EffectAnswer.Done _);
        session.ForgetAccount();
        session.CompleteNow("Logged out of the account");
        if (session.IsCompressed)
        {
            yield return SessionEffect.EndCompression.Instance; // RFC 8437 §4.1: behind the OK
            session.IsCompressed = false;
        }
    }
}
