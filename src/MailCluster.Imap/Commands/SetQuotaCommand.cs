using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>
/// SETQUOTA (RFC 9208 §4.1.3) is for operators alone, who have a command of their own: it is refused, and QUOTASET not told.
/// Clients of RFC 2087 expect to be able to ask.
/// </summary>
internal sealed record SetQuotaCommand : ImapCommand
{
    private const int MaxResources = 20;

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        reader.AString();
        reader.Space();
        reader.Expect('(');
        for (var i = 0; i < MaxResources && !reader.IsNext(')'); i++)
        {
            if (i > 0)
            {
                reader.Space();
            }

            reader.Atom();
            reader.Space();
            reader.Number64();
        }

        reader.Expect(')');
        return new SetQuotaCommand();
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        session.No("Limits are set by the operator", "NOPERM"); // RFC 5530 §3
        return [];
    }
}
