using System.Collections.Immutable;
using MailCluster.Node.Membership;

namespace MailCluster.Node.Tests.Fakes;

/// <summary>Two members, of which this is one, and readiness as the test says.</summary>
internal sealed class FakeCluster : IClusterView, IReadiness
{
    public string? Trouble { get; set; }

    public string Self => "akka.tcp://mailcluster@127.0.0.1:4053";

    public ImmutableArray<ClusterMember> Members() =>
    [
        new(Self, "up", Reachable: true, IsOldest: true, ["queue", "smtp"]),
        new("akka.tcp://mailcluster@127.0.0.2:4053", "up", Reachable: false, IsOldest: false, ["queue"]),
    ];

    public Task<ImmutableArray<int>> LocalPartitionsAsync(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<int>>([0, 3]);

    public Task<string?> FindTroubleAsync(CancellationToken cancellation) => Task.FromResult(Trouble);
}
