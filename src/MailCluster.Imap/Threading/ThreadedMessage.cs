using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Threading;

/// <summary>What THREAD needs to know of a message (RFC 5256 §3).</summary>
/// <param name="SentAt">As SORT takes it: when it came, where the field says nothing.</param>
/// <param name="MessageId">Null where it has none that is valid.</param>
/// <param name="References">The oldest first.</param>
/// <param name="BaseSubject">Empty where there is none.</param>
internal sealed record ThreadedMessage(
    Uid Uid,
    DateTimeOffset SentAt,
    string? MessageId,
    IReadOnlyList<string> References,
    string BaseSubject,
    bool IsReplyOrForward);
