namespace MailCluster.Node.Membership.Lease;

internal abstract record LeaseEffect
{
    private LeaseEffect()
    {
    }

    public sealed record Read(int Operation) : LeaseEffect;

    public sealed record Write(int Operation, LeaseRecord Record) : LeaseEffect;

    public sealed record Taken : LeaseEffect;

    public sealed record HeldByOther(string Holder) : LeaseEffect;

    public sealed record AcquireFailed(string Reason) : LeaseEffect;

    public sealed record Released : LeaseEffect;

    public sealed record ReleaseFailed(string Reason) : LeaseEffect;

    /// <summary>Follows <see cref="Taken"/> at most once, and never <see cref="Released"/>.</summary>
    public sealed record Lost(string Reason) : LeaseEffect;
}
