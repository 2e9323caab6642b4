using Akka.Actor;
using Akka.Coordination;
using AkkaLease = Akka.Coordination.Lease;

namespace MailCluster.Node.Membership.Lease;

/// <summary>The Lease as Akka's split brain resolver sees it; made by Akka, once for each actor system.</summary>
internal sealed class KubernetesLease : AkkaLease
{
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly LeaseTerm _term;
    private readonly TimeSpan _settleTime;
    private readonly IActorRef _actor;
    private DateTimeOffset _takenAt;

    public KubernetesLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        var setup = system.Settings.Setup.Get<LeaseSetup>().Value;
        _time = setup.Time;
        _term = new LeaseTerm(_time);
        _timeout = settings.TimeoutSettings.OperationTimeout;
        _settleTime = settings.LeaseConfig.GetTimeSpan("settle-time");
        var timings = new LeaseTimings(
            settings.TimeoutSettings.HeartbeatTimeout, settings.TimeoutSettings.HeartbeatInterval,
            LeaseTimings.DefaultClockSkew);
        var machine = new LeaseMachine(settings.OwnerName, timings);
        // An acquisition is a read and a write. Under /system, because there the resolver is, which outlives /user.
        _actor = system.SystemActorOf(
            Props.CreateBy(new LeaseProducer(() =>
                new LeaseActor(machine, timings, setup.Store, _term, _time, _timeout * 0.4))),
            Uri.EscapeDataString($"lease-{settings.LeaseName}-{settings.OwnerName}"));
        // Behind the leaving: as long as this node is a member, what it decided with the lease must hold.
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseClusterShutdown, $"release-lease-{settings.LeaseName}", ReleaseAtLeavingAsync);
    }

    public override Task<bool> Acquire() => Acquire(null!);

    public override async Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        var done = NewCompletion();
        var wasHeld = _term.IsHeld;
        _actor.Tell(new AcquireLease(done, leaseLostCallback!));
        var taken = await InTimeAsync(done.Task);
        if (taken && !wasHeld)
        {
            _takenAt = _time.GetUtcNow();
        }

        return taken;
    }

    public override Task<bool> Release()
    {
        var done = NewCompletion();
        _actor.Tell(new ReleaseLease(done));
        return InTimeAsync(done.Task);
    }

    public override bool CheckLease() => _term.IsHeld;

    /// <summary>
    /// The next split is then decided at once, and not behind the lease's time-out. A lease that was taken only now is
    /// left to expire: the side that lost may not have asked for it yet, and would get it.
    /// </summary>
    private async Task<Akka.Done> ReleaseAtLeavingAsync()
    {
        if (_term.IsHeld && _time.GetUtcNow() - _takenAt >= _settleTime)
        {
            try
            {
                await Release();
            }
            catch (LeaseException)
            {
                // The actor has logged why. The lease expires by itself.
            }
        }

        return Akka.Done.Instance;
    }

    private static TaskCompletionSource<bool> NewCompletion() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> InTimeAsync(Task<bool> done)
    {
        try
        {
            return await done.WaitAsync(_timeout, _time);
        }
        catch (TimeoutException late)
        {
            throw new LeaseException($"No answer about the lease within {_timeout}", late);
        }
    }

    private sealed class LeaseProducer(Func<LeaseActor> create) : IIndirectActorProducer
    {
        public Type ActorType => typeof(LeaseActor);

        public ActorBase Produce() => create();

        public void Release(ActorBase actor)
        {
        }
    }
}
