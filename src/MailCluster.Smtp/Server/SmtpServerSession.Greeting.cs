using MailCluster.Mail.Replies;
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

    private Reply EhloReply() => new(
        ReplyCode.Ok, null, [_options.Hostname.Text, .. EhloKeywords.For(_options, IsSecure, Login is not null, ChannelBindings)]);

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
        var begun = _receiver is not null;
        _transaction = null;
        _receiver = null;
        _chunkEndedInCr = false;
        State = State == SessionState.Connected ? SessionState.Connected : SessionState.Greeted;
        return begun ? Ask(SessionEffect.AbandonContent.Instance, static _ => null) : null;
    }
}
