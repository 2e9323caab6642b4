using MailCluster.Mail.Replies;
using MailCluster.Smtp.Client.Sasl;

namespace MailCluster.Smtp.Client;

/// <summary>From the greeting to the first message: EHLO or HELO, STARTTLS, AUTH.</summary>
public sealed partial class SmtpClientSession
{
    /// <summary>RFC 5321 §4.5.3.1.4, without the CRLF.</summary>
    private const int MaxCommandLine = 510;

    private SaslClient? _login;

    /// <summary>An initial response that was too long for the AUTH command.</summary>
    private string? _heldResponse;

    private void OnGreeting(Reply reply)
    {
        if (reply.Code == ReplyCode.ServiceReady)
        {
            WriteEhlo();
        }
        else
        {
            End("greeting refused", ClientReplies.AsTransient(reply));
        }
    }

    private void WriteEhlo()
    {
        _stage = Stage.Ehlo;
        Write($"EHLO {options.HeloName.ToAscii()}");
    }

    private void OnEhlo(Reply reply)
    {
        if (reply.Code.IsPositiveCompletion)
        {
            Capabilities = ServerCapabilities.Parse(reply);
            Secure();
        }
        else if (reply.IsPermanent && options.Tls != TlsPolicy.Required && !_secured)
        {
            // RFC 5321 §3.2: a server that does not know EHLO is greeted the old way.
            _stage = Stage.Helo;
            Write($"HELO {options.HeloName.ToAscii()}");
        }
        else
        {
            End("EHLO refused", ClientReplies.AsTransient(reply));
        }
    }

    private void OnHelo(Reply reply)
    {
        if (reply.Code.IsPositiveCompletion)
        {
            Capabilities = ServerCapabilities.None;
            LogIn();
        }
        else
        {
            End("HELO refused", ClientReplies.AsTransient(reply));
        }
    }

    private void Secure()
    {
        if (_secured || options.Tls == TlsPolicy.Never)
        {
            LogIn();
        }
        else if (Capabilities.StartTls)
        {
            _stage = Stage.StartTls;
            Write("STARTTLS");
        }
        else if (options.Tls == TlsPolicy.Required)
        {
            End("TLS required", ClientReplies.NoTls);
        }
        else
        {
            LogIn();
        }
    }

    private void OnStartTls(Reply reply)
    {
        if (reply.Code == ReplyCode.ServiceReady)
        {
            _stage = Stage.Handshake;
            _pending = ClientEffect.StartTls.Instance;
        }
        else if (options.Tls == TlsPolicy.Required)
        {
            End("STARTTLS refused", ClientReplies.NoTls);
        }
        else
        {
            LogIn();
        }
    }

    /// <summary>RFC 4954, the strongest mechanism first.</summary>
    private void LogIn()
    {
        if (options.Credentials is not { } credentials)
        {
            _stage = Stage.Ready;
            return;
        }

        _login = SaslClient.Choose(Capabilities.Mechanisms, credentials, _secured || options.PlaintextLoginAllowed);
        if (_login is null)
        {
            var mayBeSent = _secured || options.PlaintextLoginAllowed;
            End("no way to log in", mayBeSent ? ClientReplies.NoMechanism : ClientReplies.NoTls);
            return;
        }

        _stage = Stage.Auth;
        WriteAuth(_login);
    }

    /// <summary>RFC 4954 §4: an initial response that is too long for the line comes after it.</summary>
    private void WriteAuth(SaslClient login)
    {
        var command = $"AUTH {login.Mechanism}";
        if (login.Start() is { } initial)
        {
            var response = Convert.ToBase64String(initial);
            var fits = command.Length + 1 + response.Length <= MaxCommandLine;
            command = fits ? $"{command} {response}" : command;
            _heldResponse = fits ? null : response;
        }

        Write(command);
    }

    private void OnAuth(Reply reply)
    {
        if (reply.Code == ReplyCode.ServerChallenge && _login is not null)
        {
            Write(_heldResponse ?? Respond(_login, reply.Text));
            _heldResponse = null;
        }
        else if (reply.Code != ReplyCode.AuthenticationSucceeded)
        {
            End("login refused", ClientReplies.AsTransient(reply));
        }
        else if (_login is { MayEnd: true })
        {
            _login = null;
            _stage = Stage.Ready;
        }
        else
        {
            // RFC 5802 §5: a server that does not know the password's keys is not the one that we want to talk to.
            Break("the server did not prove that it knows the password", reply);
        }
    }

    /// <summary>RFC 4954 §4: "*" where the challenge makes no sense; the server has to refuse the login then.</summary>
    private string Respond(SaslClient login, string challenge)
    {
        var octets = new byte[challenge.Length];
        if (Convert.TryFromBase64String(challenge, octets, out var length)
            && login.Answer(octets.AsSpan(0, length)) is { } response)
        {
            return Convert.ToBase64String(response);
        }

        _login = null;
        return "*";
    }
}
