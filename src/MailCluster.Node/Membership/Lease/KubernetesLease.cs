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
    private readonly IActorRef _actor;

    public KubernetesLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        var setup = system.Settings.Setup.Get<LeaseSetup>().Value;
        _time = setup.Time;
        _term = new LeaseTerm(_time);
        _timeout = settings.TimeoutSettings.OperationTimeout;
        var timings = new LeaseTimings(
            settings.TimeoutSettings.HeartbeatTimeout, settings.TimeoutSettings.HeartbeatInterval,
            LeaseTimings.DefaultClockSkew);
        var machine = new LeaseMachine(settings.OwnerName, timings);
        // An acquisition is a read and a write. Under /system, because there the resolver is, which outlives /user.
        _actor = system.SystemActorOf(
            Props.CreateBy(new LeaseProducer(() =>
                new LeaseActor(machine, timings, setup.Store, _term, _time, _timeout * 0.4))),
            Uri.EscapeDataString($"lease-{settings.LeaseName}-{settings.OwnerName}"));
    }

    public override Task<bool> Acquire() => Acquire(null!);

    public override Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        var done = NewCompletion();
        _actor.Tell(new AcquireLease(done, leaseLostCallback!));
        return InTimeAsync(done.Task);
    }

    public override Task<bool> Release()
    {
        var done = NewCompletion();
        _actor.Tell(new ReleaseLease(done));
        return InTimeAsync(done.Task);
    }

    public override bool CheckLease() => _term.IsHeld;

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
