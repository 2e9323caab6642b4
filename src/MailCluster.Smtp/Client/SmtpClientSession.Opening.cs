using System.Text;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>From the greeting to the first message: EHLO or HELO, STARTTLS, AUTH.</summary>
public sealed partial class SmtpClientSession
{
    private void OnGreeting(Reply reply)
    {
        if (reply.Code != ReplyCode.ServiceReady)
        {
            End("greeting refused", AsTransient(reply));
            return;
        }

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
            End("EHLO refused", AsTransient(reply));
        }
    }

    private void OnHelo(Reply reply)
    {
        if (!reply.Code.IsPositiveCompletion)
        {
            End("HELO refused", AsTransient(reply));
            return;
        }

        Capabilities = ServerCapabilities.None;
        LogIn();
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
            End("TLS required", NoTls);
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
            End("STARTTLS refused", NoTls);
        }
        else
        {
            LogIn();
        }
    }

    /// <summary>RFC 4954, with a password that is ours: only where nobody else can read it.</summary>
    private void LogIn()
    {
        if (options.Credentials is not { } login)
        {
            _stage = Stage.Ready;
        }
        else if (!_secured && options.Tls != TlsPolicy.Never)
        {
            End("login needs TLS", NoTls);
        }
        else if (!Capabilities.Mechanisms.Contains("PLAIN"))
        {
            End("no way to log in", new Reply(
                ReplyCode.TemporaryAuthenticationFailure, EnhancedStatusCode.SecurityFailure.As(4),
                "Next hop does not offer AUTH PLAIN"));
        }
        else
        {
            _stage = Stage.Auth;
            var response = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{login.UserName}\0{login.Password}"));
            Write($"AUTH PLAIN {response}");
        }
    }

    private void OnAuth(Reply reply)
    {
        if (reply.Code == ReplyCode.AuthenticationSucceeded)
        {
            _stage = Stage.Ready;
        }
        else
        {
            End("login refused", AsTransient(reply));
        }
    }

    private static readonly Reply NoTls = new(
        ReplyCode.TemporaryAuthenticationFailure, EnhancedStatusCode.EncryptionNeeded.As(4), "TLS is required and not available");

    /// <summary>What concerns the connection and not the message is no verdict on the message: later, or another host.</summary>
    private static Reply AsTransient(Reply reply) => reply.IsTransient ? reply : new Reply(
        ReplyCode.ServiceNotAvailable, EnhancedStatusCode.BadConnection, $"Next hop said: {reply}");
}
