using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using MailCluster.Actors.Queue;
using MailCluster.Node.Configuration;
using AkkaCluster = Akka.Cluster.Cluster;

namespace MailCluster.Node.Membership;

/// <summary>What gossip and the local region say.</summary>
internal sealed class ClusterView : IClusterView
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ActorSystem _system;
    private readonly IRequiredActor<QueuePartitionActor> _partitions;
    private readonly MailClusterOptions _options;
    private readonly AkkaCluster _cluster;
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClusterView(ActorSystem system, IRequiredActor<QueuePartitionActor> partitions, MailClusterOptions options)
    {
        _system = system;
        _partitions = partitions;
        _options = options;
        _cluster = AkkaCluster.Get(system);
        _cluster.RegisterOnMemberUp(() => _joined.TrySetResult());
    }

    /// <summary>Done when this node has become a member.</summary>
    public Task Joined => _joined.Task;

    public string Self => _cluster.SelfAddress.ToString();

    public bool IsUp => _cluster.SelfMember.Status == MemberStatus.Up && !_system.WhenTerminated.IsCompleted;

    /// <summary>True where no other node could have a partition of the queue.</summary>
    public bool IsOnlyQueueNode => _cluster.State.Members.All(
        member => member.UniqueAddress == _cluster.SelfUniqueAddress || !HoldsPartitions(member));

    public ImmutableArray<ClusterMember> Members()
    {
        var state = _cluster.State;
        var oldest = state.Members.Where(member => member.Status == MemberStatus.Up)
            .Aggregate((Member?)null, static (first, member) => first is null || member.IsOlderThan(first) ? member : first);
        return [.. state.Members.Select(member => new ClusterMember(
            member.Address.ToString(),
            member.Status.ToString().ToLowerInvariant(),
            !state.Unreachable.Contains(member),
            member.Equals(oldest),
            [.. member.Roles.Order(StringComparer.Ordinal)]))];
    }

    public async Task<ImmutableArray<int>> LocalPartitionsAsync(CancellationToken cancellation)
    {
        if (!_options.Cluster.Has(ClusterRole.Queue))
        {
            return [];
        }

        var region = await _partitions.GetAsync(cancellation);
        var state = await AskAsync(region, cancellation);
        return [.. state.Shards.SelectMany(shard => shard.EntityIds)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)).Order()];
    }

    private static async Task<CurrentShardRegionState> AskAsync(IActorRef region, CancellationToken cancellation)
    {
        try
        {
            return await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience, cancellation);
        }
        catch (AskTimeoutException late)
        {
            throw new TimeoutException("The region of the partitions did not answer in time; try again.", late);
        }
    }

    private static bool HoldsPartitions(Member member) =>
        member.Status != MemberStatus.Removed && member.HasRole(nameof(ClusterRole.Queue).ToLowerInvariant());
}
