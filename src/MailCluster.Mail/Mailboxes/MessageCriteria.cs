namespace MailCluster.Mail.Mailboxes;

/// <summary>All must be so; what is not set asks nothing.</summary>
public sealed record MessageCriteria
{
    public UidSet Uids { get; init; } = UidSet.All;

    public MessageFlags With { get; init; }

    public MessageFlags Without { get; init; }

    public string Keyword { get; init; } = "";

    public string WithoutKeyword { get; init; } = "";

    /// <summary>Changed after this MODSEQ.</summary>
    public long ChangedSince { get; init; }

    public long MinSize { get; init; }

    public long MaxSize { get; init; } = long.MaxValue;

    public DateTimeOffset InternalFrom { get; init; } = DateTimeOffset.MinValue;

    public DateTimeOffset InternalBefore { get; init; } = DateTimeOffset.MaxValue;

    public DateTimeOffset SavedFrom { get; init; } = DateTimeOffset.MinValue;

    public DateTimeOffset SavedBefore { get; init; } = DateTimeOffset.MaxValue;
}
