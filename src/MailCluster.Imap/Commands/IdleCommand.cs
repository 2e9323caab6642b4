using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>IDLE (RFC 9051 §6.3.13): what changes is told as soon as it is noticed, until the client says DONE.</summary>
internal sealed record IdleCommand : ImapCommand
{
    public override bool LooksForChanges => true;

    public static ImapCommand Parse(ref SyntaxReader reader) => new IdleCommand();

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        session.Out.Line("+ idling");
        foreach (var effect in session.SynchronizeIdle(looks: true))
        {
            yield return effect;
        }

        foreach (var effect in session.TellAccount(looks: true))
        {
            yield return effect;
        }

        session.IsIdling = true;
        while (!session.IsClosing && !session.TryReadLine())
        {
            yield return SessionEffect.ReadMore.Instance;
            foreach (var effect in session.SynchronizeIdle(looks: false))
            {
                yield return effect;
            }

            foreach (var effect in session.TellAccount(looks: false))
            {
                yield return effect;
            }
        }

        session.IsIdling = false;
        if (session.IsClosing)
        {
            yield break; // the mailbox is gone, or may not be read any more
        }

        if (session.TakeLine() is not { } line || !line.Equals("DONE", StringComparison.OrdinalIgnoreCase))
        {
            session.Bad("expected DONE");
        }
    }
}
