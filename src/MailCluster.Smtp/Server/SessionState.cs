using MailCluster.Mail.Replies;
using MailCluster.Smtp.Commands;

namespace MailCluster.Smtp.Server;

/// <summary>Where a session stands between two commands.</summary>
public enum SessionState
{
    /// <summary>Connected, no HELO yet.</summary>
    Connected,

    /// <summary>Greeted; no transaction.</summary>
    Greeted,

    /// <summary>MAIL was accepted.</summary>
    Sender,

    /// <summary>At least one RCPT was accepted.</summary>
    Recipients,

    /// <summary>At least one BDAT, not the last.</summary>
    Chunks,
}

/// <summary>The order of commands (RFC 5321 §4.1.4): states down, commands across.</summary>
internal static class CommandOrder
{
    /// <summary>Why the command is out of order, or null where it is right.</summary>
    public static Reply? Check(SessionState state, Verb verb) => (state, verb) switch
    {
        (_, Verb.Rset or Verb.Noop or Verb.Help or Verb.Quit or Verb.Helo or Verb.Ehlo) => null,
        (SessionState.Connected, Verb.Vrfy or Verb.Expn) => null,
        (SessionState.Connected, _) => SmtpReplies.HelloFirst,

        (SessionState.Greeted, Verb.Rcpt or Verb.Data or Verb.Bdat) => SmtpReplies.MailFirst,
        (SessionState.Greeted, _) => null,

        (_, Verb.Mail) => SmtpReplies.NestedMail,
        (_, Verb.Auth or Verb.StartTls) => SmtpReplies.OutOfOrder, // RFC 4954 §4: not during a transaction

        (SessionState.Sender, Verb.Data or Verb.Bdat) => SmtpReplies.RcptFirst,
        (SessionState.Chunks, Verb.Rcpt or Verb.Data) => SmtpReplies.OutOfOrder, // RFC 3030 §2
        _ => null,
    };
}
