using System.Collections.Immutable;
using MailCluster.Node.Membership;

namespace MailCluster.Node.Http;

/// <summary>The cluster as this node sees it, for operators.</summary>
internal static class ClusterEndpoints
{
    public static void Map(RouteGroupBuilder api) => api.MapGet(
        "/cluster",
        async (IClusterView view, CancellationToken cancellation) => TypedResults.Ok(
            new ClusterJson(view.Self, view.Members(), await view.LocalPartitionsAsync(cancellation))));
}

/// <param name="Self">Address of the node that answers.</param>
/// <param name="Members">All that it knows of.</param>
/// <param name="Partitions">Those of the queue that are on this node.</param>
internal sealed record ClusterJson(string Self, ImmutableArray<ClusterMember> Members, ImmutableArray<int> Partitions);
