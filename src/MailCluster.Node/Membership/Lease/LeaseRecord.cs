namespace MailCluster.Node.Membership.Lease;

/// <summary>The Lease as the API server has it, or is to have it.</summary>
/// <param name="Holder">Null where it has been given back.</param>
/// <param name="RenewedAt">By the clock of the holder: absolute, so that a restart of either side changes nothing.</param>
/// <param name="Duration">Behind this a holder that does not renew has lost it. Nothing but the nodes looks at it.</param>
/// <param name="Transitions">How often the holder changed.</param>
/// <param name="Version">The resourceVersion that a write must find; null for a Lease that is not there yet.</param>
internal sealed record LeaseRecord(
    string? Holder, DateTimeOffset RenewedAt, TimeSpan Duration, int Transitions, string? Version)
{
    public LeaseRecord HeldBy(string? holder, DateTimeOffset now, TimeSpan duration) => this with
    {
        Holder = holder,
        RenewedAt = now,
        Duration = duration,
        Transitions = holder is null || holder == Holder ? Transitions : Transitions + 1,
    };
}
