using System.Globalization;

namespace MailCluster.Mail.Replies;

/// <summary>The three digits of a reply (RFC 5321 §4.2). Every code that this server speaks is named here, once.</summary>
public readonly record struct ReplyCode(int Value)
{
    public static readonly ReplyCode HelpMessage = new(214);
    public static readonly ReplyCode ServiceReady = new(220);
    public static readonly ReplyCode ServiceClosing = new(221);
    public static readonly ReplyCode AuthenticationSucceeded = new(235); // RFC 4954 §6
    public static readonly ReplyCode Ok = new(250);
    public static readonly ReplyCode CannotVerify = new(252);
    public static readonly ReplyCode ServerChallenge = new(334); // RFC 4954 §4
    public static readonly ReplyCode StartMailInput = new(354);
    public static readonly ReplyCode ServiceNotAvailable = new(421);
    public static readonly ReplyCode MailboxBusy = new(450);
    public static readonly ReplyCode LocalError = new(451);
    public static readonly ReplyCode InsufficientStorage = new(452);
    public static readonly ReplyCode TemporaryAuthenticationFailure = new(454); // RFC 4954 §6, RFC 3207 §4
    public static readonly ReplyCode ParametersNotAccommodated = new(455);
    public static readonly ReplyCode SyntaxError = new(500);
    public static readonly ReplyCode ParameterSyntaxError = new(501);
    public static readonly ReplyCode NotImplemented = new(502);
    public static readonly ReplyCode BadSequence = new(503);
    public static readonly ReplyCode ParameterNotImplemented = new(504);
    public static readonly ReplyCode AuthenticationRequired = new(530); // RFC 4954 §6
    public static readonly ReplyCode AuthenticationFailed = new(535); // RFC 4954 §6
    public static readonly ReplyCode EncryptionRequired = new(538); // RFC 4954 §6
    public static readonly ReplyCode MailboxUnavailable = new(550);
    public static readonly ReplyCode ExceededStorage = new(552);
    public static readonly ReplyCode MailboxNameNotAllowed = new(553);
    public static readonly ReplyCode TransactionFailed = new(554);
    public static readonly ReplyCode ParametersNotRecognized = new(555);
    public static readonly ReplyCode DomainAcceptsNoMail = new(556); // RFC 7504 §2.2

    public bool IsPositiveCompletion => Value / 100 == 2;

    public bool IsPositiveIntermediate => Value / 100 == 3;

    /// <summary>4yz: try again.</summary>
    public bool IsTransient => Value / 100 == 4;

    /// <summary>5yz: give up.</summary>
    public bool IsPermanent => Value / 100 == 5;

    public override string ToString() => Value.ToString("000", CultureInfo.InvariantCulture);
}
