using System.Buffers.Text;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Sasl;

namespace MailCluster.Imap.Commands;

/// <summary>AUTHENTICATE (RFC 9051 §6.2.2), with the first response in the command (RFC 4959).</summary>
internal sealed record AuthenticateCommand(string Mechanism, string? Response) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var mechanism = reader.Atom();
        return new AuthenticateCommand(mechanism, reader.Try(' ') ? reader.Base64() : null);
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (SaslExchange.Begin(Mechanism, session.ChannelBindings) is not { } exchange)
        {
            session.No("Mechanism is not available");
            yield break;
        }

        if (exchange.IsPlaintext && !session.PlaintextAllowed)
        {
            session.No("TLS first", "PRIVACYREQUIRED");
            yield break;
        }

        if (Response is not null && Decoded(Response) is null)
        {
            session.Bad("The first response is not Base64");
            yield break;
        }

        LoginAccount? candidate = null;
        var step = Response is null ? exchange.Start() : exchange.Receive(Decoded(Response)!);
        while (true)
        {
            switch (step)
            {
                case SaslStep.Challenge challenge:
                    session.Out.Text("+ ").Line(Convert.ToBase64String(challenge.Octets.Span));
                    while (!session.TryReadLine())
                    {
                        yield return SessionEffect.ReadMore.Instance;
                    }

                    if (session.TakeLine() is not { } line || Decoded(line) is not { } octets)
                    {
                        session.Bad("Authentication cancelled, or not Base64");
                        yield break;
                    }

                    step = exchange.Receive(octets);
                    break;
                case SaslStep.NeedVerifier need:
                    yield return new SessionEffect.FindCredentials(need.UserName);
                    if (!session.Got(out EffectAnswer.Credentials found))
                    {
                        yield break;
                    }

                    candidate = found.Account;
                    step = exchange.Resume(found.Verifier);
                    break;
                case SaslStep.NeedPassword need:
                    yield return new SessionEffect.CheckPassword(need.UserName, need.Password);
                    if (!session.Got(out EffectAnswer.PasswordChecked check))
                    {
                        yield break;
                    }

                    candidate = check.Account;
                    step = exchange.Resume(check.Account is not null);
                    break;
                case SaslStep.Succeeded:
                    session.Accept(candidate);
                    yield break;
                default:
                    session.RefuseLogin();
                    yield break;
            }
        }
    }

    public override string ToString() => nameof(AuthenticateCommand); // no password in a log

    /// <summary>
    /// "=" is an empty response (RFC 4959 §3); null for what is no Base64 as RFC 9051 §9 has it: the framework would
    /// overlook blanks.
    /// </summary>
    private static byte[]? Decoded(string text)
    {
        text = text == "=" ? "" : text;
        if (text.AsSpan().ContainsAny(" \t\r\n") || !Base64.IsValid(text, out var length))
        {
            return null;
        }

        var octets = new byte[length];
        return Convert.TryFromBase64String(text, octets, out var written) && written == length ? octets : null;
    }
}
