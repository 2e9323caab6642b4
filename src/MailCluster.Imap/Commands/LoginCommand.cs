using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Sasl;

namespace MailCluster.Imap.Commands;

/// <summary>LOGIN (RFC 9051 §6.2.3).</summary>
internal sealed record LoginCommand(string UserName, string Password) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var name = reader.AString();
        reader.Space();
        return new LoginCommand(name, reader.AString());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (!session.PlaintextAllowed)
        {
            session.No("TLS first", "PRIVACYREQUIRED"); // RFC 5530 §3
            yield break;
        }

        if (UserName.Length is 0 or > SaslExchange.MaxUserNameLength || Password.Length > SaslExchange.MaxPasswordLength)
        {
            session.RefuseLogin();
            yield break;
        }

        yield return new SessionEffect.CheckPassword(UserName, Password);
        if (session.Got(out EffectAnswer.PasswordChecked check))
        {
            session.Accept(check.Account);
        }
    }

    public override string ToString() => nameof(LoginCommand); // no password in a log
}
