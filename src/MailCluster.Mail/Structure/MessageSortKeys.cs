using System.Collections.Immutable;

namespace MailCluster.Mail.Structure;

/// <summary>What SORT and THREAD compare (RFC 5256, RFC 5957). The collation is the caller's.</summary>
public sealed record MessageSortKeys
{
    public static MessageSortKeys Empty { get; } = new();

    public string BaseSubject { get; init; } = "";

    /// <summary>The way to the base subject took away a sign of a reply or a forward (RFC 5256 §2.1).</summary>
    public bool IsReplyOrForward { get; init; }

    /// <summary>Null: no valid date, the internal date of the message counts (RFC 5256 §2.2).</summary>
    public DateTimeOffset? SentAt { get; init; }

    public string FromMailbox { get; init; } = "";

    public string ToMailbox { get; init; } = "";

    public string CcMailbox { get; init; } = "";

    public string DisplayFrom { get; init; } = "";

    public string DisplayTo { get; init; } = "";

    /// <summary>Without angle brackets and quoting; null if the message has no valid one.</summary>
    public string? MessageId { get; init; }

    /// <summary>References, or else the first of In-Reply-To (RFC 5256 §3, THREAD=REFERENCES).</summary>
    public ImmutableArray<string> References { get; init; } = [];
}
