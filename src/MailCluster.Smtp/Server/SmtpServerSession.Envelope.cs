using MailCluster.Smtp.Commands;

namespace MailCluster.Smtp.Server;

/// <summary>MAIL and RCPT.</summary>
public sealed partial class SmtpServerSession
{
    /// <summary>RFC 5321 §4.1.1.2, RFC 6409 §4.3, RFC 1870 §6.1.</summary>
    private SessionEffect? Mail(SmtpCommand.Mail mail)
    {
        if (_options.Role == SmtpRole.Submission && Login is null)
        {
            return Refuse(SmtpReplies.AuthenticationRequired);
        }

        if (!_extended && mail.Parameters != MailParameters.None)
        {
            return Refuse(SmtpReplies.ParametersNeedEhlo);
        }

        if (_transactions >= _options.MaxTransactions)
        {
            return Fatal(SmtpReplies.TooManyMessages);
        }

        if (mail.Parameters.Size > _options.MaxMessageSize)
        {
            return Refuse(SmtpReplies.MessageTooBig);
        }

        if (!mail.Path.IsAscii && !mail.Parameters.Utf8)
        {
            return Refuse(SmtpReplies.Utf8Sender);
        }

        return Ask(new SessionEffect.CheckSender(mail.Path), answer => OnSenderChecked(mail, answer));
    }

    private SessionEffect? OnSenderChecked(SmtpCommand.Mail mail, EffectAnswer answer)
    {
        var reply = ((EffectAnswer.Verdict)answer).Reply;
        if (!reply.Code.IsPositiveCompletion)
        {
            return reply.IsPermanent ? Refuse(reply) : Say(reply);
        }

        _transactions++;
        _transaction = new MailTransaction(mail.Path, mail.Parameters);
        State = SessionState.Sender;
        return Say(reply);
    }

    /// <summary>RFC 5321 §4.1.1.3.</summary>
    private SessionEffect? Rcpt(SmtpCommand.Rcpt rcpt)
    {
        var transaction = _transaction!;
        if (!_extended && rcpt.Parameters != RcptParameters.None)
        {
            return Refuse(SmtpReplies.ParametersNeedEhlo);
        }

        if (!rcpt.Path.IsAscii && !transaction.Parameters.Utf8)
        {
            return Refuse(SmtpReplies.Utf8Sender);
        }

        if (transaction.Has(rcpt.Path))
        {
            return Say(SmtpReplies.RecipientOk);
        }

        // RFC 5321 §4.5.3.1.10: no error of the client; the rest comes in another transaction.
        return transaction.Count >= _options.MaxRecipients
            ? Say(SmtpReplies.TooManyRecipients)
            : Ask(new SessionEffect.CheckRecipient(rcpt.Path), answer => OnRecipientChecked(rcpt, answer));
    }

    private SessionEffect? OnRecipientChecked(SmtpCommand.Rcpt rcpt, EffectAnswer answer)
    {
        var recipient = (EffectAnswer.Recipient)answer;
        if (recipient.Refusal is { } refusal)
        {
            return refusal.IsPermanent ? Refuse(refusal) : Say(refusal);
        }

        // RFC 5321 §4.5.3.1.10 here, too: what does not fit comes in another transaction.
        if (!_transaction!.TryAdd(rcpt.Path, rcpt.Parameters, recipient.Resolved))
        {
            return Say(SmtpReplies.TooManyRecipients);
        }

        State = SessionState.Recipients;
        return Say(SmtpReplies.RecipientOk);
    }
}
