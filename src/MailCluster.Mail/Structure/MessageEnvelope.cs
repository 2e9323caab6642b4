using System.Collections.Immutable;

namespace MailCluster.Mail.Structure;

/// <summary>
/// The envelope structure of IMAP (RFC 9051 §7.5.2); the envelope of SMTP is another thing. Texts are unfolded but
/// not decoded: encoded words reach the client as they were sent. Null is NIL, a missing field.
/// </summary>
public sealed record MessageEnvelope
{
    public static MessageEnvelope Empty { get; } = new();

    public string? Date { get; init; }

    public string? Subject { get; init; }

    public ImmutableArray<MessageAddress> From { get; init; } = [];

    /// <summary>From, if the field is missing or empty; so is <see cref="ReplyTo"/>.</summary>
    public ImmutableArray<MessageAddress> Sender { get; init; } = [];

    public ImmutableArray<MessageAddress> ReplyTo { get; init; } = [];

    public ImmutableArray<MessageAddress> To { get; init; } = [];

    public ImmutableArray<MessageAddress> Cc { get; init; } = [];

    public ImmutableArray<MessageAddress> Bcc { get; init; } = [];

    public string? InReplyTo { get; init; }

    public string? MessageId { get; init; }
}
