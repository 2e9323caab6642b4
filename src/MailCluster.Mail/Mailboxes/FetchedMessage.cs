using System.Collections.Immutable;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Mailboxes;

/// <summary>Beside the short columns, which always come.</summary>
[Flags]
public enum FetchColumns
{
    Short = 0,
    Prefix = 1,
    Structure = 2,
}

/// <param name="Body">Also the EMAILID of RFC 8474 §5.1.</param>
/// <param name="Prefix">Null where it was not asked for.</param>
/// <param name="Structure">Null where it was not asked for, or was never computed.</param>
public sealed record FetchedMessage(
    Uid Uid,
    long ModSeq,
    MessageFlags Flags,
    ImmutableArray<string> Keywords,
    long Size,
    DateTimeOffset InternalDate,
    DateTimeOffset SaveDate,
    BodyId Body,
    string? Prefix,
    byte[]? Structure);
