using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Commands;

/// <summary>Every reply of the session, once. Operators search logs for these words: they do not change lightly.</summary>
internal static class SmtpReplies
{
    private const int MaxQuotedKeyword = 40;

    public static readonly Reply Ok = new(ReplyCode.Ok, EnhancedStatusCode.Ok, "Ok");
    public static readonly Reply RecipientOk = new(ReplyCode.Ok, EnhancedStatusCode.RecipientOk, "Recipient ok");
    public static readonly Reply StartMailInput = new(ReplyCode.StartMailInput, null, "End data with <CR><LF>.<CR><LF>");
    public static readonly Reply ReadyForTls = new(ReplyCode.ServiceReady, EnhancedStatusCode.Ok, "Ready to start TLS");
    public static readonly Reply Closing = new(ReplyCode.ServiceClosing, EnhancedStatusCode.Ok, "Bye");

    // RFC 5321 §3.5.3: neither confirmed nor denied, so that nobody harvests addresses.
    public static readonly Reply CannotVerify = new(
        ReplyCode.CannotVerify, EnhancedStatusCode.OtherSucceeded, "Cannot VRFY user, but will accept message and attempt delivery");

    public static readonly Reply NoLists = new(ReplyCode.NotImplemented, EnhancedStatusCode.InvalidCommand, "EXPN not available");
    public static readonly Reply Help = new(
        ReplyCode.HelpMessage, EnhancedStatusCode.Ok,
        "HELO EHLO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT STARTTLS AUTH, see RFC 5321");

    public static readonly Reply UnknownCommand = new(ReplyCode.SyntaxError, EnhancedStatusCode.SyntaxError, "Command not recognized");
    public static readonly Reply LineTooLong = new(ReplyCode.SyntaxError, EnhancedStatusCode.SyntaxError, "Line too long");
    public static readonly Reply BareLineEnd = new(ReplyCode.SyntaxError, EnhancedStatusCode.SyntaxError, "Bare CR, bare LF or NUL in command");
    public static readonly Reply NotUtf8 = new(ReplyCode.SyntaxError, EnhancedStatusCode.SyntaxError, "Command is not valid UTF-8");
    public static readonly Reply HelloNeedsName = new(ReplyCode.ParameterSyntaxError, EnhancedStatusCode.InvalidArguments, "Name of client required");
    public static readonly Reply BadReversePath = new(ReplyCode.ParameterSyntaxError, EnhancedStatusCode.BadSenderSyntax, "Syntax: MAIL FROM:<address>");
    public static readonly Reply BadForwardPath = new(ReplyCode.ParameterSyntaxError, EnhancedStatusCode.BadDestinationSyntax, "Syntax: RCPT TO:<address>");
    public static readonly Reply BadArguments = new(ReplyCode.ParameterSyntaxError, EnhancedStatusCode.InvalidArguments, "Syntax error in arguments");
    public static readonly Reply NoArgumentsAllowed = new(ReplyCode.ParameterSyntaxError, EnhancedStatusCode.InvalidArguments, "No arguments allowed");

    public static readonly Reply HelloFirst = new(ReplyCode.BadSequence, EnhancedStatusCode.InvalidCommand, "Send HELO or EHLO first");
    public static readonly Reply MailFirst = new(ReplyCode.BadSequence, EnhancedStatusCode.InvalidCommand, "Send MAIL first");
    public static readonly Reply RcptFirst = new(ReplyCode.BadSequence, EnhancedStatusCode.InvalidCommand, "No valid recipients");
    public static readonly Reply NestedMail = new(ReplyCode.BadSequence, EnhancedStatusCode.InvalidCommand, "Sender already given");
    public static readonly Reply OutOfOrder = new(ReplyCode.BadSequence, EnhancedStatusCode.InvalidCommand, "Bad sequence of commands");
    public static readonly Reply BinaryNeedsBdat = new(ReplyCode.BadSequence, EnhancedStatusCode.InvalidCommand, "BODY=BINARYMIME requires BDAT");
    public static readonly Reply ParametersNeedEhlo = new(ReplyCode.ParametersNotRecognized, EnhancedStatusCode.InvalidArguments, "Parameters require EHLO");

    public static readonly Reply TooManyRecipients = new(ReplyCode.InsufficientStorage, EnhancedStatusCode.TooManyRecipients, "Too many recipients");
    public static readonly Reply TooManyMessages = new(ReplyCode.ServiceNotAvailable, EnhancedStatusCode.SecurityFailure.As(4), "Too many messages in one connection");
    public static readonly Reply MessageTooBig = new(ReplyCode.ExceededStorage, EnhancedStatusCode.MessageTooBig, "Message exceeds size limit");
    public static readonly Reply SpoiledContent = new(ReplyCode.MailboxUnavailable, EnhancedStatusCode.ConversionRequired with { Detail = 0 }, "Bare CR, bare LF or NUL in message");
    public static readonly Reply TooManyHops = new(ReplyCode.TransactionFailed, EnhancedStatusCode.RoutingLoop, "Too many hops, mail loop");
    public static readonly Reply Utf8Sender = new(ReplyCode.MailboxNameNotAllowed, EnhancedStatusCode.Utf8NotSupported, "Address requires SMTPUTF8");

    public static readonly Reply TlsNotAvailable = new(ReplyCode.NotImplemented, EnhancedStatusCode.InvalidCommand, "STARTTLS not available");
    public static readonly Reply AuthenticationRequired = new(ReplyCode.AuthenticationRequired, EnhancedStatusCode.SecurityFailure, "Authentication required");
    public static readonly Reply AuthenticationSucceeded = new(ReplyCode.AuthenticationSucceeded, EnhancedStatusCode.AuthenticationSucceeded, "Authentication succeeded");
    public static readonly Reply AuthenticationFailed = new(ReplyCode.AuthenticationFailed, EnhancedStatusCode.AuthenticationFailed, "Authentication failed");
    public static readonly Reply AuthenticationCancelled = new(ReplyCode.ParameterSyntaxError, EnhancedStatusCode.SecurityFailure, "Authentication cancelled");
    public static readonly Reply AuthenticationSyntax = new(ReplyCode.ParameterSyntaxError, EnhancedStatusCode.SyntaxError, "Cannot decode response");
    public static readonly Reply AuthenticationTrouble = new(ReplyCode.TemporaryAuthenticationFailure, EnhancedStatusCode.SecurityFailure.As(4), "Temporary authentication failure");
    public static readonly Reply AlreadyAuthenticated = new(ReplyCode.BadSequence, EnhancedStatusCode.InvalidCommand, "Already authenticated");
    public static readonly Reply UnknownMechanism = new(ReplyCode.ParameterNotImplemented, EnhancedStatusCode.InvalidArguments, "Mechanism not available");
    public static readonly Reply EncryptionRequired = new(ReplyCode.EncryptionRequired, EnhancedStatusCode.EncryptionNeeded, "Encryption required for this mechanism");

    public static readonly Reply TooManyErrors = new(ReplyCode.ServiceNotAvailable, EnhancedStatusCode.SecurityFailure.As(4), "Too many errors");
    public static readonly Reply NotSynchronized = new(ReplyCode.ServiceNotAvailable, EnhancedStatusCode.SecurityFailure.As(4), "Closing connection after ambiguous end of data");
    public static readonly Reply NotHttp = new(ReplyCode.ServiceNotAvailable, EnhancedStatusCode.SecurityFailure.As(4), "This is not a web server");
    public static readonly Reply IdleTimeout = new(ReplyCode.ServiceNotAvailable, EnhancedStatusCode.BadConnection, "Timeout");
    public static readonly Reply ServiceStopping = new(ReplyCode.ServiceNotAvailable, EnhancedStatusCode.SystemNotAccepting, "Service stopping, try again");

    /// <summary>The keyword is the client's, so it is shown only as far as it is one.</summary>
    public static Reply BadParameter(ReadOnlySpan<char> keyword) => new(
        ReplyCode.ParameterSyntaxError, EnhancedStatusCode.InvalidArguments, $"Bad value of parameter {Quote(keyword)}");

    public static Reply UnknownParameter(ReadOnlySpan<char> keyword) => new(
        ReplyCode.ParametersNotRecognized, EnhancedStatusCode.InvalidArguments, $"Unknown parameter {Quote(keyword)}");

    private static string Quote(ReadOnlySpan<char> keyword)
    {
        var shown = keyword[..Math.Min(keyword.Length, MaxQuotedKeyword)];
        return System.Text.Ascii.IsValid(shown) && !shown.ContainsAnyExceptInRange(' ', '~') ? shown.ToString() : "?";
    }
}
