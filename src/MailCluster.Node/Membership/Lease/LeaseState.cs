using System.Collections.Immutable;

namespace MailCluster.Node.Membership.Lease;

internal enum LeasePhase
{
    Idle,
    AcquireRead,
    AcquireWrite,
    Held,
    RenewWrite,
    RenewRead,
    ReleaseRead,
    ReleaseWrite,
}

/// <param name="Operation">The read or write that is under way, or was last.</param>
/// <param name="Since">When that began.</param>
/// <param name="Conflicts">In a row, of one acquisition or one release.</param>
/// <param name="Record">While held: what this node wrote last.</param>
internal sealed record LeaseState(
    LeasePhase Phase, int Operation, DateTimeOffset Since, int Conflicts, LeaseRecord? Record)
{
    public static readonly LeaseState Start = new(LeasePhase.Idle, 0, default, 0, null);

    /// <summary>Also while it is being renewed.</summary>
    public bool IsHeld => Phase is LeasePhase.Held or LeasePhase.RenewWrite or LeasePhase.RenewRead;

    /// <summary>From here on another may have it.</summary>
    public DateTimeOffset HeldUntil => IsHeld ? Record!.RenewedAt + Record.Duration : DateTimeOffset.MinValue;
}

internal sealed record LeaseDecision(LeaseState State, ImmutableArray<LeaseEffect> Effects);
