using System.Text;

namespace MailCluster.Mail.Mailboxes;

/// <summary>
/// The name of a folder that can be: parts with '/' between them, without control characters. INBOX in any case is the
/// INBOX, and so it is above its inferiors (RFC 9051 §5.1).
/// </summary>
public readonly record struct FolderName
{
    /// <summary>Octets in UTF-8.</summary>
    public const int MaxOctets = 1000;

    /// <summary>Parts of a name.</summary>
    public const int MaxDepth = 20;

    public const char Separator = '/';

    private const string InboxText = "INBOX";

    public static readonly FolderName Inbox = new(InboxText);

    private FolderName(string text) => Text = text;

    public string Text { get; }

    public bool IsInbox => Text == InboxText;

    /// <summary>The folder above, or null.</summary>
    public FolderName? Parent => Text.LastIndexOf(Separator) is > 0 and var at ? new FolderName(Text[..at]) : null;

    public static bool TryParse(string text, out FolderName name)
    {
        name = default;
        var parts = text.Split(Separator);
        if (Encoding.UTF8.GetByteCount(text) > MaxOctets || parts.Length > MaxDepth || text.Any(char.IsControl)
            || !IsNetUnicode(text) || parts.Any(part => part.Length == 0))
        {
            return false;
        }

        parts[0] = parts[0].Equals(InboxText, StringComparison.OrdinalIgnoreCase) ? InboxText : parts[0];
        name = new FolderName(string.Join(Separator, parts));
        return true;
    }

    /// <exception cref="FormatException">Not a name.</exception>
    public static FolderName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"Not the name of a folder: {text}");

    public bool IsBelow(FolderName other) => Text.StartsWith(other.Text + Separator, StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>A name that was parsed before it was stored; not looked at again.</summary>
    public static FolderName OfStored(string text) => new(text);

    /// <summary>RFC 9051 §5.1, RFC 6855 §3: composed (RFC 5198 §2), and without separators of lines and paragraphs.</summary>
    private static bool IsNetUnicode(string text) => Ascii.IsValid(text)
        || (IsWellFormed(text) && !text.AsSpan().ContainsAny('\u2028', '\u2029') && NetUnicode.IsComposed(text));

    private static bool IsWellFormed(string text) => text == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
