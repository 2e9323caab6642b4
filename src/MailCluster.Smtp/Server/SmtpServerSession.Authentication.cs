using System.Buffers.Text;
using MailCluster.Mail.Replies;
using MailCluster.Mail.Sasl;
using MailCluster.Smtp.Commands;

namespace MailCluster.Smtp.Server;

/// <summary>AUTH (RFC 4954): the base64 round a <see cref="SaslExchange"/>.</summary>
public sealed partial class SmtpServerSession
{
    private SaslExchange? _exchange;
    private LoginAccount? _candidate;

    private SessionEffect? Auth(SmtpCommand.Auth auth)
    {
        if (Login is not null)
        {
            return Refuse(SmtpReplies.AlreadyAuthenticated);
        }

        if (SaslExchange.Begin(auth.Mechanism, ChannelBindings) is not { } exchange)
        {
            return Refuse(SmtpReplies.UnknownMechanism);
        }

        if (exchange.IsPlaintext && !PlaintextAllowed)
        {
            return Refuse(SmtpReplies.EncryptionRequired);
        }

        _exchange = exchange;
        // RFC 4954 §4: "=" is an initial response of no octets.
        return auth.InitialResponse switch
        {
            null => Go(exchange.Start()),
            "=" => Go(exchange.Receive([])),
            var response => ContinueAuthentication(response),
        };
    }

    private SessionEffect? ContinueAuthentication(string response)
    {
        if (response == "*")
        {
            return EndAuthentication(SmtpReplies.AuthenticationCancelled);
        }

        return TryDecodeBase64(response, out var octets)
            ? Go(_exchange!.Receive(octets))
            : EndAuthentication(SmtpReplies.AuthenticationSyntax);
    }

    private SessionEffect? Go(SaslStep step) => step switch
    {
        SaslStep.Challenge challenge => Say(new Reply(
            ReplyCode.ServerChallenge, null, Convert.ToBase64String(challenge.Octets.Span))),
        SaslStep.NeedVerifier need => Ask(new SessionEffect.FindCredentials(need.UserName), OnCredentials),
        SaslStep.NeedPassword need => Ask(
            new SessionEffect.CheckPassword(need.UserName, need.Password), OnPasswordChecked),
        SaslStep.Succeeded when _candidate is { } login => Succeed(login),
        SaslStep.Failed { Reason: SaslFailure.Malformed } => EndAuthentication(SmtpReplies.AuthenticationSyntax),
        _ => EndAuthentication(SmtpReplies.AuthenticationFailed),
    };

    private SessionEffect? OnCredentials(EffectAnswer answer)
    {
        var found = (EffectAnswer.Credentials)answer;
        if (found.StoreFailed)
        {
            return EndAuthentication(SmtpReplies.AuthenticationTrouble);
        }

        _candidate = found.Account;
        return Go(_exchange!.Resume(found.Verifier));
    }

    private SessionEffect? OnPasswordChecked(EffectAnswer answer)
    {
        var check = (EffectAnswer.PasswordChecked)answer;
        if (check.StoreFailed)
        {
            return EndAuthentication(SmtpReplies.AuthenticationTrouble);
        }

        _candidate = check.Account;
        return Go(_exchange!.Resume(check.Account is not null));
    }

    private SessionEffect? Succeed(LoginAccount login)
    {
        _exchange = null;
        _candidate = null;
        Login = login;
        return Say(SmtpReplies.AuthenticationSucceeded);
    }

    private SessionEffect? EndAuthentication(Reply reply)
    {
        _exchange = null;
        _candidate = null;
        return reply.IsPermanent ? Refuse(reply) : Say(reply); // our own trouble is no error of the client
    }

    /// <summary>Strictly as RFC 4954 §8 has base64: the framework would overlook blanks.</summary>
    private static bool TryDecodeBase64(string text, out byte[] octets)
    {
        octets = [];
        if (text.AsSpan().ContainsAny(' ', '\t') || !Base64.IsValid(text, out var length))
        {
            return false;
        }

        octets = new byte[length];
        return Convert.TryFromBase64String(text, octets, out var written) && written == length;
    }
}
