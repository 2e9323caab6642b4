using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using MailCluster.Node.Configuration;
using MailCluster.Node.Membership;
using MailCluster.Node.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using AkkaCluster = Akka.Cluster.Cluster;

namespace MailCluster.Node.Tests.Membership;

public sealed class SleepGuardTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly MailClusterOptions Shared = new()
    {
        Storage = new StorageSection { Provider = StorageProvider.Postgres },
        Cluster = new ClusterSection { StableAfter = TimeSpan.FromSeconds(4) },
    };

    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));
    private readonly List<ActorSystem> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.Terminate();
        }
    }

    [Fact]
    public async Task One_of_several_that_slept_longer_than_the_others_wait_writes_nothing_more_and_leaves()
    {
        var nodes = await StartAsync(2);
        using var guard = Guard(nodes[1], Shared);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AkkaCluster.Get(nodes[1]).RegisterOnMemberRemoved(left.SetResult);

        _time.Advance(TimeSpan.FromMilliseconds(7_001));

        Assert.False(guard.MayWrite());
        await left.Task.WaitAsync(Patience);
        Assert.False(guard.MayWrite());
    }

    [Fact]
    public async Task A_nap_shorter_than_the_others_wait_is_nothing_and_naps_do_not_add_up()
    {
        var nodes = await StartAsync(2);
        using var guard = Guard(nodes[1], Shared);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(7));
            Assert.True(guard.MayWrite());
        }

        Assert.Equal(MemberStatus.Up, AkkaCluster.Get(nodes[1]).SelfMember.Status);
    }

    [Fact]
    public async Task The_only_member_may_sleep_as_long_as_it_likes()
    {
        var nodes = await StartAsync(1);
        using var guard = Guard(nodes[0], Shared);
        _time.Advance(TimeSpan.FromHours(8));
        Assert.True(guard.MayWrite());
        Assert.Equal(MemberStatus.Up, AkkaCluster.Get(nodes[0]).SelfMember.Status);
    }

    [Fact]
    public async Task With_files_of_its_own_nobody_can_have_taken_anything_over()
    {
        var nodes = await StartAsync(2);
        using var guard = Guard(nodes[1], new MailClusterOptions());
        _time.Advance(TimeSpan.FromHours(8));
        Assert.True(guard.MayWrite());
    }

    private SleepGuard Guard(ActorSystem node, MailClusterOptions options) =>
        new(node, options, _time, NullLogger<SleepGuard>.Instance);

    private async Task<List<ActorSystem>> StartAsync(int count)
    {
        var settings = ConfigurationFactory.ParseString("""
            akka {
              loglevel = off
              stdout-loglevel = off
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            }
            """);
        for (var i = 0; i < count; i++)
        {
            _nodes.Add(ActorSystem.Create("sleepers", settings));
        }

        var first = AkkaCluster.Get(_nodes[0]).SelfAddress;
        foreach (var node in _nodes)
        {
            AkkaCluster.Get(node).Join(first);
        }

        // What the guard looks at follows the cluster's events by itself.
        var areUp = await Task.Run(() => SpinWait.SpinUntil(() => _nodes.TrueForAll(node => SeesAllUp(node, count)), Patience));
        Assert.True(areUp, $"not all of {count} nodes became members");
        return _nodes;
    }

    private static bool SeesAllUp(ActorSystem node, int count)
    {
        var cluster = AkkaCluster.Get(node);
        return cluster.SelfMember.Status == MemberStatus.Up
            && cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == count;
    }
}
