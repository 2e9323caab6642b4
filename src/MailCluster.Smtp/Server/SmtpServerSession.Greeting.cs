using System.Collections.Immutable;
using System.Globalization;
using MailCluster.Mail.Replies;
using MailCluster.Mail.Sasl;
using MailCluster.Smtp.Commands;

namespace MailCluster.Smtp.Server;

/// <summary>HELO, EHLO, STARTTLS, RSET, QUIT.</summary>
public sealed partial class SmtpServerSession
{
    private string? _tlsDescription;
    private bool _extended;

    /// <summary>RFC 5321 §4.1.1.1. A new greeting resets the transaction (§4.1.4).</summary>
    private SessionEffect? Hello(SmtpCommand.Hello hello)
    {
        HeloName = hello.Name;
        _extended = hello.Verb == Verb.Ehlo;
        var effect = ResetTransaction();
        State = SessionState.Greeted;
        Say(_extended ? EhloReply() : new Reply(ReplyCode.Ok, null, _options.Hostname.Text));
        return effect;
    }

    private Reply EhloReply() => new(ReplyCode.Ok, null, [_options.Hostname.Text, .. Keywords()]);

    private IEnumerable<string> Keywords()
    {
        yield return "PIPELINING"; // RFC 2920
        yield return string.Create(CultureInfo.InvariantCulture, $"SIZE {_options.MaxMessageSize}"); // RFC 1870
        if (_options.TlsAvailable && !IsSecure)
        {
            yield return "STARTTLS"; // RFC 3207
        }

        var mechanisms = OfferedMechanisms();
        if (!mechanisms.IsEmpty && Login is null)
        {
            yield return "AUTH " + string.Join(' ', mechanisms); // RFC 4954
        }

        yield return "8BITMIME"; // RFC 6152
        yield return "SMTPUTF8"; // RFC 6531
        yield return "CHUNKING"; // RFC 3030
        yield return "BINARYMIME"; // RFC 3030
        yield return "DSN"; // RFC 3461
        yield return "ENHANCEDSTATUSCODES"; // RFC 2034
        yield return string.Create( // RFC 9422
            CultureInfo.InvariantCulture, $"LIMITS MAILMAX={_options.MaxTransactions} RCPTMAX={_options.MaxRecipients}");
    }

    /// <summary>RFC 4954 §4: mechanisms that show the password are offered only where nobody can listen.</summary>
    private ImmutableArray<string> OfferedMechanisms() => PlaintextAllowed
        ? SaslExchange.Mechanisms
        : [.. SaslExchange.Mechanisms.Where(name => SaslExchange.Begin(name) is { IsPlaintext: false })];

    private bool PlaintextAllowed => IsSecure || _options.PlaintextAuthAllowed;

    /// <summary>RFC 3207 §4.</summary>
    private SessionEffect? StartTls()
    {
        if (!_options.TlsAvailable || IsSecure)
        {
            return Refuse(SmtpReplies.TlsNotAvailable);
        }

        Say(SmtpReplies.ReadyForTls);
        return SessionEffect.StartTls.Instance;
    }

    /// <summary>RFC 5321 §4.1.1.5.</summary>
    private SessionEffect? Rset()
    {
        Say(SmtpReplies.Ok);
        return ResetTransaction();
    }

    /// <summary>RFC 5321 §4.1.1.10.</summary>
    private SessionEffect? Quit()
    {
        Say(SmtpReplies.Closing);
        _closing = true;
        return null;
    }

    /// <summary>Forgets the transaction; where content was begun the host must drop it.</summary>
    private SessionEffect? ResetTransaction()
    {
        _transaction = null;
        var begun = _receiver is not null;
        _receiver = null;
        State = State == SessionState.Connected ? SessionState.Connected : SessionState.Greeted;
        return begun ? Ask(SessionEffect.AbandonContent.Instance, static _ => null) : null;
    }
}
