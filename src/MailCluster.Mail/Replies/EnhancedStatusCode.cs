using System.Globalization;

namespace MailCluster.Mail.Replies;

/// <summary>
/// class.subject.detail of RFC 3463, spoken in replies by RFC 2034. The class follows from the reply code, so the
/// named codes have the class that they are used with most.
/// </summary>
public readonly record struct EnhancedStatusCode(int Class, int Subject, int Detail)
{
    /// <summary>RFC 3463 §2: subject and detail have up to three digits.</summary>
    private const int MaxNumber = 999;

    // x.0.x other, x.1.x addresses
    public static readonly EnhancedStatusCode Ok = new(2, 0, 0);
    public static readonly EnhancedStatusCode OtherSucceeded = new(2, 5, 0);
    public static readonly EnhancedStatusCode SenderOk = new(2, 1, 0);
    public static readonly EnhancedStatusCode RecipientOk = new(2, 1, 5);
    public static readonly EnhancedStatusCode UndefinedTransient = new(4, 0, 0);
    public static readonly EnhancedStatusCode Undefined = new(5, 0, 0);
    public static readonly EnhancedStatusCode NoSuchMailbox = new(5, 1, 1);
    public static readonly EnhancedStatusCode NoSuchDomain = new(5, 1, 2);
    public static readonly EnhancedStatusCode BadDestinationSyntax = new(5, 1, 3);
    public static readonly EnhancedStatusCode BadSenderSyntax = new(5, 1, 7);
    public static readonly EnhancedStatusCode BadSenderSystem = new(5, 1, 8);
    public static readonly EnhancedStatusCode NullMx = new(5, 1, 10); // RFC 7505 §4.2

    // x.2.x mailbox
    public static readonly EnhancedStatusCode MailboxDisabled = new(5, 2, 1);
    public static readonly EnhancedStatusCode MailboxFull = new(4, 2, 2);

    // x.3.x mail system
    public static readonly EnhancedStatusCode SystemFull = new(4, 3, 1);
    public static readonly EnhancedStatusCode SystemNotAccepting = new(4, 3, 2);
    public static readonly EnhancedStatusCode MessageTooBig = new(5, 3, 4);

    // x.4.x network and routing
    public static readonly EnhancedStatusCode NoAnswer = new(4, 4, 1);
    public static readonly EnhancedStatusCode BadConnection = new(4, 4, 2);
    public static readonly EnhancedStatusCode DirectoryFailure = new(4, 4, 3);
    public static readonly EnhancedStatusCode UnableToRoute = new(5, 4, 4);
    public static readonly EnhancedStatusCode Congestion = new(4, 4, 5);
    public static readonly EnhancedStatusCode RoutingLoop = new(5, 4, 6);
    public static readonly EnhancedStatusCode DeliveryTimeExpired = new(4, 4, 7);

    // x.5.x mail delivery protocol
    public static readonly EnhancedStatusCode InvalidCommand = new(5, 5, 1);
    public static readonly EnhancedStatusCode SyntaxError = new(5, 5, 2);
    public static readonly EnhancedStatusCode TooManyRecipients = new(4, 5, 3);
    public static readonly EnhancedStatusCode InvalidArguments = new(5, 5, 4);
    public static readonly EnhancedStatusCode AuthenticationExchangeTooLong = new(5, 5, 6); // RFC 4954 §6

    // x.6.x content
    public static readonly EnhancedStatusCode ConversionRequired = new(5, 6, 3);
    public static readonly EnhancedStatusCode Utf8NotSupported = new(5, 6, 7); // RFC 6531 §4.2

    // x.7.x security and policy
    public static readonly EnhancedStatusCode AuthenticationSucceeded = new(2, 7, 0);
    public static readonly EnhancedStatusCode SecurityFailure = new(5, 7, 0);
    public static readonly EnhancedStatusCode DeliveryNotAuthorized = new(5, 7, 1);
    public static readonly EnhancedStatusCode AuthenticationFailed = new(5, 7, 8); // RFC 4954 §6
    public static readonly EnhancedStatusCode MechanismTooWeak = new(5, 7, 9); // RFC 4954 §6
    public static readonly EnhancedStatusCode EncryptionNeeded = new(5, 7, 11); // RFC 4954 §6

    public bool IsTransient => Class == 4;

    public bool IsPermanent => Class == 5;

    /// <summary>The same subject and detail in another class, such as 4.2.2 for 5.2.2.</summary>
    public EnhancedStatusCode As(int otherClass) => this with { Class = otherClass };

    /// <summary>Reads a code at the start of a reply line; <paramref name="rest"/> is the text behind it.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out EnhancedStatusCode code, out ReadOnlySpan<char> rest)
    {
        code = default;
        rest = text;
        var end = text.IndexOf(' ');
        var token = end < 0 ? text : text[..end];
        Span<Range> parts = stackalloc Range[4];
        if (token.Split(parts, '.') != 3
            || token[parts[0]] is not ("2" or "4" or "5")
            || !TryReadNumber(token[parts[1]], out var subject)
            || !TryReadNumber(token[parts[2]], out var detail))
        {
            return false;
        }

        code = new EnhancedStatusCode(token[0] - '0', subject, detail);
        rest = end < 0 ? [] : text[(end + 1)..];
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= MaxNumber;
}
