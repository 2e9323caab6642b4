namespace MailCluster.Node.Membership.Lease;

/// <summary>
/// Until when the lease is held. The actor writes it, anybody reads it: the clock decides also where the actor stands
/// still.
/// </summary>
internal sealed class LeaseTerm(TimeProvider time)
{
    private long _until;

    public bool IsHeld => time.GetUtcNow().UtcTicks < Volatile.Read(ref _until);

    public void Set(DateTimeOffset until) => Volatile.Write(ref _until, until.UtcTicks);
}
