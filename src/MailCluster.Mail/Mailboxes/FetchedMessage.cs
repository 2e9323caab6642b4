using System.Collections.Immutable;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Mailboxes;

/// <summary>What is read of a message beside its UID, MODSEQ, flags and keywords, which always come.</summary>
[Flags]
public enum FetchColumns
{
    Flags = 0,

    /// <summary>What never changes: size, dates and body.</summary>
    Short = 1,
    Prefix = 2 | Short,
    Structure = 4 | Short,
}

/// <summary>A message of a folder; what was not asked for has its default.</summary>
public sealed record FetchedMessage(Uid Uid, long ModSeq, MessageFlags Flags, ImmutableArray<string> Keywords)
{
    public long Size { get; init; }

    public DateTimeOffset InternalDate { get; init; }

    public DateTimeOffset SaveDate { get; init; }

    /// <summary>Also the EMAILID of RFC 8474 §5.1.</summary>
    public BodyId Body { get; init; }

    public string? Prefix { get; init; }

    /// <summary>Null where it was never computed, too.</summary>
    public byte[]? Structure { get; init; }
}
