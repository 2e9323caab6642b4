using MailCluster.Node.Configuration;
using MailCluster.Node.Membership.Lease;

namespace MailCluster.Node.Tests.Membership.Lease;

public sealed class KubernetesLeaseStoreTests : IAsyncLifetime
{
    private static readonly LeaseRecord Fresh = new(
        LeaseRun.Self, LeaseRun.Start.AddMilliseconds(123), TimeSpan.FromSeconds(30), 1, null);

    private FakeApiServer _server = null!;

    public async Task InitializeAsync() => _server = await FakeApiServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task What_is_written_is_read_back_with_its_version()
    {
        var store = _server.NewStore();
        Assert.IsType<LeaseAnswer.Missing>(await store.ReadAsync(default));
        var written = Assert.IsType<LeaseAnswer.Written>(await store.WriteAsync(Fresh, default));
        Assert.Equal(Fresh with { Version = "1" }, written.Record);
        var found = Assert.IsType<LeaseAnswer.Found>(await store.ReadAsync(default));
        Assert.Equal(written.Record, found.Record);
    }

    [Fact]
    public async Task The_calls_are_those_that_the_role_allows()
    {
        var store = _server.NewStore();
        await store.ReadAsync(default);
        await store.WriteAsync(Fresh, default);
        await store.WriteAsync(Fresh with { Version = "1" }, default);
        const string path = "/apis/coordination.k8s.io/v1/namespaces/mail/leases";
        Assert.Equal([$"GET {path}/mailcluster", $"POST {path}", $"PUT {path}/mailcluster"], _server.Calls);
    }

    [Fact]
    public async Task On_the_wire_it_is_a_lease_of_coordination_v1()
    {
        await _server.NewStore().WriteAsync(Fresh, default);
        var lease = _server.Lease()!;
        Assert.Equal("coordination.k8s.io/v1", (string?)lease["apiVersion"]);
        Assert.Equal("Lease", (string?)lease["kind"]);
        Assert.Equal(LeaseRun.Self, (string?)lease["spec"]!["holderIdentity"]);
        Assert.Equal(30, (int?)lease["spec"]!["leaseDurationSeconds"]);
        Assert.Equal("2026-01-01T00:00:00.123000Z", (string?)lease["spec"]!["renewTime"]);
    }

    [Fact]
    public async Task Of_two_writes_upon_one_version_the_second_is_a_conflict()
    {
        var (one, two) = (_server.NewStore(), _server.NewStore());
        await one.WriteAsync(Fresh, default);
        Assert.IsType<LeaseAnswer.Conflict>(await two.WriteAsync(Fresh, default));
        Assert.IsType<LeaseAnswer.Written>(await two.WriteAsync(Fresh with { Version = "1" }, default));
        Assert.IsType<LeaseAnswer.Conflict>(await one.WriteAsync(Fresh with { Version = "1" }, default));
    }

    [Fact]
    public async Task A_lease_that_was_deleted_behind_the_read_is_a_conflict()
    {
        var store = _server.NewStore();
        await store.WriteAsync(Fresh, default);
        _server.Delete();
        Assert.IsType<LeaseAnswer.Conflict>(await store.WriteAsync(Fresh with { Version = "1" }, default));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Any_other_refusal_is_a_failure_with_its_code(int code)
    {
        _server.Refuses = code;
        var failed = Assert.IsType<LeaseAnswer.Failed>(await _server.NewStore().ReadAsync(default));
        Assert.Equal($"the API server answers {code}", failed.Reason);
    }

    [Fact]
    public async Task A_server_that_is_gone_or_silent_is_a_failure()
    {
        var store = _server.NewStore();
        Assert.IsType<LeaseAnswer.Failed>(await store.ReadAsync(new CancellationToken(canceled: true)));
        await _server.StopAsync();
        Assert.IsType<LeaseAnswer.Failed>(await store.ReadAsync(default));
    }

    [Fact]
    public void Outside_a_pod_the_start_is_refused_by_the_name_of_the_setting()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => KubernetesLeaseStore.InCluster(new ClusterSection()));
        Assert.StartsWith("Cluster:SplitBrain = \"lease\"", refusal.Message, StringComparison.Ordinal);
    }
}
