using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>COMPRESS (RFC 4978). Never before the login, so that no password is near what an attacker may choose.</summary>
internal sealed record CompressCommand(string Algorithm) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        return new CompressCommand(reader.Keyword());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (Algorithm != "DEFLATE" || !session.Options.CompressionAvailable)
        {
            session.Bad("Compression is not available");
            yield break;
        }

        if (session.IsCompressed)
        {
            session.Bad("DEFLATE is active", "COMPRESSIONACTIVE");
            yield break;
        }

        yield return SessionEffect.ReserveCompression.Instance;
        if (!session.Got(out EffectAnswer.Done _))
        {
            yield break;
        }

        session.CompleteNow("DEFLATE active");
        yield return SessionEffect.StartCompression.Instance;
        session.IsCompressed = true;
    }
}
