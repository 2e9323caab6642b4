using System.Collections.Immutable;

namespace MailCluster.Queue;

/// <summary>A notice to write: which recipients it tells of, and whether it tells of a delay or of their end.</summary>
public sealed record NoticePlan(NoticeKind Kind, ImmutableArray<int> Recipients)
{
    public bool Equals(NoticePlan? other) =>
        other is not null && Kind == other.Kind && Recipients.SequenceEqual(other.Recipients);

    public override int GetHashCode() => HashCode.Combine(Kind, Recipients.Length);
}

/// <summary>Numbers are stored, never reused.</summary>
public enum NoticeKind
{
    /// <summary>Recipients are delivered, relayed or failed.</summary>
    Final = 0,

    /// <summary>Recipients still wait.</summary>
    Delayed = 1,
}
