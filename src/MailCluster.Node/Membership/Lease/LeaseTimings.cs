namespace MailCluster.Node.Membership.Lease;

/// <param name="Timeout">How long a lease lasts that is not renewed.</param>
/// <param name="Interval">Between two renewals: several may fail before the time-out.</param>
/// <param name="ClockSkew">Clocks of two nodes differ: so much longer others leave an expired lease to its holder.</param>
internal sealed record LeaseTimings(TimeSpan Timeout, TimeSpan Interval, TimeSpan ClockSkew)
{
    public static readonly TimeSpan DefaultClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>A write that took longer says too little about how much of the lease is left.</summary>
    public TimeSpan SlowAfter => Timeout / 2;
}
