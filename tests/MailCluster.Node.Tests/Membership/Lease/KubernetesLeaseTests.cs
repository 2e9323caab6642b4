using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Coordination;
using Akka.Hosting;
using Akka.Remote.Hosting;
using MailCluster.Node.Configuration;
using MailCluster.Node.Membership.Lease;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;

namespace MailCluster.Node.Tests.Membership.Lease;

/// <summary>Whole nodes' leases over one API server of the test.</summary>
public sealed class KubernetesLeaseTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<IHost> _hosts = [];
    private FakeApiServer _server = null!;

    public async Task InitializeAsync() => _server = await FakeApiServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Akka_makes_our_lease_from_our_settings()
    {
        var system = await StartAsync();
        var resolver = system.Settings.Config.GetConfig("akka.cluster.split-brain-resolver");
        Assert.Equal("lease-majority", resolver.GetString("active-strategy"));
        Assert.Equal("mailcluster", resolver.GetString("lease-majority.lease-name"));
        var lease = Assert.IsType<KubernetesLease>(LeaseOf(system));
        Assert.Equal("mailcluster", lease.Settings.LeaseName);
        Assert.Equal(TimeSpan.FromSeconds(30), lease.Settings.TimeoutSettings.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), lease.Settings.TimeoutSettings.HeartbeatInterval);
        // The resolver starts with the cluster: without its lease the node could not join even itself.
        var cluster = AkkaCluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Patience);
    }

    [Fact]
    public async Task Of_two_nodes_one_gets_it_and_the_other_once_it_is_given_back()
    {
        var leases = new[] { LeaseOf(await StartAsync()), LeaseOf(await StartAsync()) };
        var taken = await Task.WhenAll(leases.Select(lease => lease.Acquire())).WaitAsync(Patience);
        Assert.Single(taken, true);
        var (winner, loser) = taken[0] ? (leases[0], leases[1]) : (leases[1], leases[0]);
        Assert.True(winner.CheckLease());
        Assert.False(loser.CheckLease());
        Assert.Equal(winner.Settings.OwnerName, (string?)_server.Lease()!["spec"]!["holderIdentity"]);

        Assert.True(await winner.Release());
        Assert.False(winner.CheckLease());
        Assert.True(await loser.Acquire());
        Assert.True(loser.CheckLease());
    }

    [Fact]
    public async Task A_server_that_fails_is_an_exception_and_the_lease_is_not_held()
    {
        var lease = LeaseOf(await StartAsync());
        _server.Refuses = 503;
        var failure = await Assert.ThrowsAsync<LeaseException>(() => lease.Acquire());
        Assert.Equal("the API server answers 503", failure.Message);
        Assert.False(lease.CheckLease());
        _server.Refuses = null;
        Assert.True(await lease.Acquire());
    }

    [Fact]
    public async Task A_lease_that_cannot_be_renewed_is_lost_and_says_so_once()
    {
        var lease = LeaseOf(await StartAsync("heartbeat-timeout = 2s", "heartbeat-interval = 100ms"));
        var lost = new TaskCompletionSource<Exception>();
        Assert.True(await lease.Acquire(lost.SetResult)); // a second call would throw
        _server.Refuses = 500;
        await lost.Task.WaitAsync(Patience);
        Assert.False(lease.CheckLease());
        _server.Refuses = null;
    }

    [Fact]
    public async Task A_holder_that_leaves_gives_it_back_and_another_gets_it_at_once()
    {
        var leaving = await StartAsync("settle-time = 0s");
        var other = LeaseOf(await StartAsync());
        Assert.True(await LeaseOf(leaving).Acquire());
        Assert.False(await other.Acquire());

        await LeaveAsync(leaving);
        Assert.Null((string?)_server.Lease()!["spec"]!["holderIdentity"]);
        Assert.True(await other.Acquire());
    }

    [Fact]
    public async Task A_lease_that_was_taken_only_now_is_kept_by_a_holder_that_leaves()
    {
        var leaving = await StartAsync();
        var lease = LeaseOf(leaving);
        Assert.True(await lease.Acquire());

        await LeaveAsync(leaving);
        Assert.Equal(lease.Settings.OwnerName, (string?)_server.Lease()!["spec"]!["holderIdentity"]);
    }

    [Fact]
    public async Task A_node_that_leaves_does_not_touch_the_lease_of_another()
    {
        var leaving = await StartAsync("settle-time = 0s");
        var holder = LeaseOf(await StartAsync());
        Assert.True(await holder.Acquire());
        Assert.False(await LeaseOf(leaving).Acquire());
        var version = (string?)_server.Lease()!["metadata"]!["resourceVersion"];

        await LeaveAsync(leaving);
        Assert.Equal(version, (string?)_server.Lease()!["metadata"]!["resourceVersion"]);
        Assert.True(holder.CheckLease());
    }

    /// <summary>As the host's stop does it.</summary>
    private static Task LeaveAsync(ActorSystem system) => CoordinatedShutdown.Get(system)
        .Run(CoordinatedShutdown.ClusterLeavingReason.Instance).WaitAsync(Patience);

    private static Akka.Coordination.Lease LeaseOf(ActorSystem system) => LeaseProvider.Get(system).GetLease(
        "mailcluster",
        system.Settings.Config.GetString("akka.cluster.split-brain-resolver.lease-majority.lease-implementation"),
        // Not the resolver's own name, since the resolver makes its lease at the same time, and one owner has one actor.
        $"test-{AkkaCluster.Get(system).SelfAddress.HostPort()}");

    private async Task<ActorSystem> StartAsync(params string[] times)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("mailcluster", akka =>
        {
            akka.WithRemoting(new RemoteOptions { HostName = "127.0.0.1", Port = 0 });
            akka.WithClustering(new ClusterOptions
            {
                SplitBrainResolver = akka.WithSplitBrain(
                    new ClusterSection { SplitBrain = SplitBrainStrategy.Lease }, _server.NewStore(), TimeProvider.System),
            });
            akka.AddHocon(
                $"akka.loglevel = OFF\n{new KubernetesLeaseOption().ConfigPath} {{ {string.Join('\n', times)} }}",
                HoconAddMode.Prepend);
        });
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host.Services.GetRequiredService<ActorSystem>();
    }
}
