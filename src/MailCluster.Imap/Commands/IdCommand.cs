using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>ID (RFC 2971): what the client says of itself is of no use to us.</summary>
internal sealed record IdCommand : ImapCommand
{
    /// <summary>RFC 2971 §3.3: 30 pairs.</summary>
    private const int MaxWords = 60;

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        if (!reader.TryWord("NIL"))
        {
            reader.Expect('(');
            for (var words = 0; !reader.Try(')') && reader.Error is null; words++)
            {
                if (words == MaxWords)
                {
                    reader.Fail("at most 30 pairs");
                }

                if (words > 0)
                {
                    reader.Space();
                }

                reader.NString();
            }
        }

        return new IdCommand();
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        session.Out.Line("* ID (\"name\" \"MailCluster\")");
        return [];
    }
}
