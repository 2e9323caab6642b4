using System.Collections.Immutable;
using Akka.Actor;

namespace MailCluster.Actors.Queue;

/// <summary>
/// The partitions of the queue that run on this node and take messages: each signs itself in when it has recovered, and
/// out when it is told to stop or ends. Who finds its partition here needs no region between: that would hold messages
/// back from the announcement of a hand-off until its end, and all that time the partition is at work. Safe for any
/// number of threads; readers take no lock.
/// </summary>
public sealed class LocalPartitions
{
    private readonly Lock _changing = new();
    private volatile ImmutableSortedDictionary<int, IActorRef> _ready = ImmutableSortedDictionary<int, IActorRef>.Empty;
    private volatile int[] _numbers = [];

    /// <summary>In ascending order.</summary>
    public IReadOnlyList<int> Ready => _numbers;

    /// <summary>Null where it is not on this node, or about to leave.</summary>
    public IActorRef? Find(int partition) => _ready.GetValueOrDefault(partition);

    internal void SignIn(int partition, IActorRef actor)
    {
        lock (_changing)
        {
            Publish(_ready.SetItem(partition, actor));
        }
    }

    internal void SignOut(int partition)
    {
        lock (_changing)
        {
            Publish(_ready.Remove(partition));
        }
    }

    private void Publish(ImmutableSortedDictionary<int, IActorRef> ready)
    {
        _ready = ready;
        _numbers = [.. ready.Keys];
    }
}
