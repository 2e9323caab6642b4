using System.Collections.Immutable;

namespace MailCluster.Mail.Replies;

/// <summary>
/// One reply of an SMTP server, ours or another's: code, enhanced status code where there is one, and at least one
/// line of text without code and line end. Immutable; free to share between threads.
/// </summary>
public sealed record Reply(ReplyCode Code, EnhancedStatusCode? Status, ImmutableArray<string> Lines)
{
    public Reply(ReplyCode code, EnhancedStatusCode? status, string text)
        : this(code, status, [text])
    {
    }

    public bool IsTransient => Code.IsTransient;

    public bool IsPermanent => Code.IsPermanent;

    /// <summary>The status code, or the plain one of the reply code's class where the server gave none.</summary>
    public EnhancedStatusCode StatusOrDefault => Status ?? new EnhancedStatusCode(Code.Value / 100, 0, 0);

    /// <summary>All lines as one, for logs and notices.</summary>
    public string Text => Lines.Length == 1 ? Lines[0] : string.Join(' ', Lines);

    public bool Equals(Reply? other) =>
        other is not null && Code == other.Code && Status == other.Status && Lines.SequenceEqual(other.Lines);

    public override int GetHashCode() => HashCode.Combine(Code, Status, Lines.Length > 0 ? Lines[0] : "");

    public override string ToString() => Status is { } status ? $"{Code} {status} {Text}" : $"{Code} {Text}";
}
