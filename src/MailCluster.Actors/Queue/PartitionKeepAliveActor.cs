using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace MailCluster.Actors.Queue;

/// <summary>
/// Starts every partition, and starts it again wherever it went down, without waiting for a message: retries must go
/// on when no mail comes in. One on each node, so that no node's death stops it.
/// </summary>
internal sealed class PartitionKeepAliveActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

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

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(PingDue.Instance, PingDue.Instance, TimeSpan.Zero, Interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PingDue:
                for (var partition = 0; partition < _partitions; partition++)
                {
                    // Nobody waits for the answer: what is not started now is asked for again.
                    _region.Tell(
                        new ShardRegion.StartEntity(partition.ToString(CultureInfo.InvariantCulture)), ActorRefs.NoSender);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed class PingDue : IDeadLetterSuppression
    {
        public static readonly PingDue Instance = new();
    }
}
