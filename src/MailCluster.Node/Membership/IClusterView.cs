using System.Collections.Immutable;

namespace MailCluster.Node.Membership;

/// <summary>The cluster as this node sees it. Safe for any number of threads.</summary>
internal interface IClusterView
{
    /// <summary>Address of this node among the others.</summary>
    string Self { get; }

    /// <summary>All that it knows of, itself included.</summary>
    ImmutableArray<ClusterMember> Members();

    /// <summary>The partitions of the queue on this node; none where it has no such role.</summary>
    /// <exception cref="TimeoutException">The region of the partitions does not answer, such as in a hand-off.</exception>
    Task<ImmutableArray<int>> LocalPartitionsAsync(CancellationToken cancellation);
}

/// <summary>One node.</summary>
internal sealed record ClusterMember(
    string Address, string Status, bool Reachable, bool IsOldest, ImmutableArray<string> Roles);
