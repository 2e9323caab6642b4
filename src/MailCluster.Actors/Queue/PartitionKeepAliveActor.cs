using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace MailCluster.Actors.Queue;

/// <summary>
/// Starts every partition, and starts it again wherever it went down, without waiting for a message: retries must go
/// on when no mail comes in. One on each node, so that no node's death stops it. Asks more often for a while after a
/// member came or went, since its partitions are without a home then.
/// </summary>
internal sealed class PartitionKeepAliveActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BriskInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer than removal, the move of the coordinator and recovery take together.</summary>
    private static readonly TimeSpan BriskTime = TimeSpan.FromSeconds(15);

    private readonly IActorRef _region;
    private readonly int _partitions;

    public PartitionKeepAliveActor(IActorRef region, int partitions)
    {
        _region = region;
        _partitions = partitions;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef region, int partitions) =>
        Akka.Actor.Props.Create(() => new PartitionKeepAliveActor(region, partitions));

    protected override void PreStart()
    {
        Cluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        PingEvery(Interval);
    }

    protected override void PostStop() => Cluster.Get(Context.System).Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PingDue:
                Ping();
                break;
            case ClusterEvent.IMemberEvent:
                PingEvery(BriskInterval);
                Timers.StartSingleTimer(CalmDue.Instance, CalmDue.Instance, BriskTime);
                break;
            case CalmDue:
                PingEvery(Interval);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void PingEvery(TimeSpan interval) =>
        Timers.StartPeriodicTimer(PingDue.Instance, PingDue.Instance, TimeSpan.Zero, interval);

    private void Ping()
    {
        for (var partition = 0; partition < _partitions; partition++)
        {
            // Nobody waits for the answer: what is not started now is asked for again.
            _region.Tell(new ShardRegion.StartEntity(partition.ToString(CultureInfo.InvariantCulture)), ActorRefs.NoSender);
        }
    }

    private sealed class PingDue : IDeadLetterSuppression
    {
        public static readonly PingDue Instance = new();
    }

    private sealed class CalmDue : IDeadLetterSuppression
    {
        public static readonly CalmDue Instance = new();
    }
}
