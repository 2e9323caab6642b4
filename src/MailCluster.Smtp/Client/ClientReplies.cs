using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>What the client says in the next hop's place where that said nothing, or nothing that is a verdict.</summary>
internal static class ClientReplies
{
    public static readonly Reply NoTls = new(
        ReplyCode.TemporaryAuthenticationFailure, EnhancedStatusCode.EncryptionNeeded.As(4),
        "TLS is required and not available");

    public static readonly Reply NoMechanism = new(
        ReplyCode.TemporaryAuthenticationFailure, EnhancedStatusCode.SecurityFailure.As(4),
        "Next hop offers no way to log in that may be used");

    public static readonly Reply NoUtf8 = new(
        ReplyCode.MailboxUnavailable, EnhancedStatusCode.Utf8NotSupported, "Next hop does not support SMTPUTF8");

    public static readonly Reply TooBig = new(
        ReplyCode.ExceededStorage, EnhancedStatusCode.MessageTooBig, "Message exceeds the next hop's size limit");

    public static readonly Reply NoEightBit = new(
        ReplyCode.TransactionFailed, EnhancedStatusCode.ConversionRequired, "Next hop does not support 8BITMIME");

    /// <summary>RFC 5321 §3.8: a lost connection is a transient failure of what was under way.</summary>
    public static Reply ConnectionLost(string reason) => new(
        ReplyCode.ServiceNotAvailable, EnhancedStatusCode.BadConnection, $"Connection lost: {reason}");

    /// <summary>RFC 3463 §3.6: x.5.0, other or undefined protocol status.</summary>
    public static Reply ProtocolError(string what) => new(
        ReplyCode.LocalError, EnhancedStatusCode.OtherSucceeded.As(4), $"Protocol error: {what}");

    /// <summary>What concerns the connection and not the message is no verdict on the message: later, or another host.</summary>
    public static Reply AsTransient(Reply reply) => reply.IsTransient ? reply : new Reply(
        ReplyCode.ServiceNotAvailable, EnhancedStatusCode.BadConnection, $"Next hop said: {reply}");
}
