using System.Buffers.Text;
using System.Text;
using MailCluster.Mail.Sasl;

namespace MailCluster.Pop3;

/// <summary>CAPA (RFC 2449), STLS (RFC 2595), USER and PASS (RFC 1939 §7), AUTH (RFC 5034), UTF8 (RFC 6856).</summary>
public sealed partial class Pop3Session
{
    private SaslExchange? _exchange;
    private LoginAccount? _candidate;
    private string? _userName;
    private int _loginFailures;
    private bool _utf8;

    private SessionEffect? Capa()
    {
        Ok("capabilities follow");
        Line("TOP");
        Line("UIDL");
        Line("RESP-CODES");
        Line("AUTH-RESP-CODE"); // RFC 3206 §6
        Line("PIPELINING");
        Line("EXPIRE NEVER");
        Line("UTF8"); // RFC 6856 §2; with USER no names beyond ASCII are promised
        if (State == Pop3State.Authorization)
        {
            if (PlaintextAllowed)
            {
                Line("USER");
            }

            Line("SASL " + string.Join(' ', OfferedMechanisms()));
            if (_options.TlsAvailable && !IsSecure)
            {
                Line("STLS");
            }
        }

        Line("IMPLEMENTATION MailCluster");
        return Line(".");
    }

    private SessionEffect? Stls()
    {
        if (!_options.TlsAvailable || IsSecure)
        {
            return Refuse("STLS not available");
        }

        Ok("begin TLS negotiation");
        return Ask(SessionEffect.StartTls.Instance, _ =>
        {
            // RFC 2595 §4: what was said before is forgotten.
            IsSecure = true;
            _userName = null;
            _utf8 = false;
            return null;
        });
    }

    /// <summary>RFC 6856 §2.1: from here on the client takes messages as they are; the server sends no others anyway.</summary>
    private SessionEffect? Utf8()
    {
        if (_utf8)
        {
            return Refuse("UTF8 already on");
        }

        _utf8 = true;
        return Ok("UTF8 on");
    }

    private SessionEffect? User(string name)
    {
        if (!PlaintextAllowed)
        {
            return Refuse("[AUTH] TLS required before a password");
        }

        if (name.Length is 0 or > SaslExchange.MaxUserNameLength)
        {
            return Refuse("syntax: USER name");
        }

        _userName = name;
        return Ok("send PASS"); // whether there is such a user or not
    }

    private SessionEffect? Pass(string password)
    {
        if (_userName is not { } name)
        {
            return Refuse("send USER first");
        }

        _userName = null;
        return password.Length > SaslExchange.MaxPasswordLength
            ? FailLogin()
            : Ask(new SessionEffect.CheckPassword(name, password), answer =>
            {
                var check = (EffectAnswer.PasswordChecked)answer;
                return check.StoreFailed ? Error(StoreTrouble) : check.Account is { } login ? LogIn(login) : FailLogin();
            });
    }

    /// <summary>RFC 5034 §4; without a mechanism it lists them, as clients older than CAPA expect.</summary>
    private SessionEffect? Auth(string argument)
    {
        if (argument.Length == 0)
        {
            Ok("mechanisms follow");
            foreach (var mechanism in OfferedMechanisms())
            {
                Line(mechanism);
            }

            return Line(".");
        }

        var space = argument.IndexOf(' ', StringComparison.Ordinal);
        var exchange = SaslExchange.Begin(space < 0 ? argument : argument[..space], ChannelBindings);
        if (exchange is null)
        {
            return Refuse("mechanism not available");
        }

        if (exchange.IsPlaintext && !PlaintextAllowed)
        {
            return Refuse("[AUTH] TLS required for this mechanism");
        }

        _exchange = exchange;
        return (space < 0 ? null : argument[(space + 1)..]) switch
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
            _exchange = null;
            return Refuse("authentication cancelled");
        }

        var octets = new byte[Base64.IsValid(response, out var length) ? length : 0];
        if (!Ascii.IsValid(response) || !Convert.TryFromBase64String(response, octets, out _))
        {
            _exchange = null;
            return Refuse("cannot decode response");
        }

        return Go(_exchange!.Receive(octets));
    }

    private SessionEffect? Go(SaslStep step)
    {
        switch (step)
        {
            case SaslStep.Challenge challenge:
                return Line("+ " + Convert.ToBase64String(challenge.Octets.Span));
            case SaslStep.NeedVerifier need:
                return Ask(new SessionEffect.FindCredentials(need.UserName), answer =>
                {
                    var found = (EffectAnswer.Credentials)answer;
                    _candidate = found.Account;
                    return found.StoreFailed ? EndWithTrouble() : Go(_exchange!.Resume(found.Verifier));
                });
            case SaslStep.NeedPassword need:
                return Ask(new SessionEffect.CheckPassword(need.UserName, need.Password), answer =>
                {
                    var check = (EffectAnswer.PasswordChecked)answer;
                    _candidate = check.Account;
                    return check.StoreFailed ? EndWithTrouble() : Go(_exchange!.Resume(check.Account is not null));
                });
            case SaslStep.Succeeded when _candidate is { } login:
                _exchange = null;
                return LogIn(login);
            default:
                _exchange = null;
                return FailLogin();
        }
    }

    private SessionEffect? EndWithTrouble()
    {
        _exchange = null;
        return Error(StoreTrouble);
    }

    private SessionEffect? FailLogin()
    {
        _candidate = null;
        // RFC 3206 §4: the trouble is with the credentials.
        return ++_loginFailures >= _options.MaxLoginFailures
            ? Fatal("[AUTH] wrong name or password, too often")
            : Refuse("[AUTH] wrong name or password");
    }

    /// <summary>RFC 1939 §4: the maildrop is locked before the login is answered.</summary>
    private SessionEffect LogIn(LoginAccount login) => Ask(new SessionEffect.OpenMaildrop(login), answer =>
    {
        var opened = (EffectAnswer.MaildropOpened)answer;
        _candidate = null;
        if (opened.Refusal is { } refusal)
        {
            return Error(refusal == MaildropRefusal.InUse ? "[IN-USE] maildrop is locked by another session" : StoreTrouble);
        }

        Login = login;
        State = Pop3State.Transaction;
        _maildrop = new MaildropView(opened.Messages);
        return Ok($"{_maildrop.Count} messages, {_maildrop.Size} octets");
    });

    private const string StoreTrouble = "[SYS/TEMP] mailbox not available, try again later";
}
