using System.Collections.Immutable;
using MailCluster.Actors.Queue;
using MailCluster.Node.Configuration;
using MailCluster.Queue;
using MailCluster.Storage;

namespace MailCluster.Node.Membership;

/// <summary>
/// A node is ready that is a member and not about to leave, whose database answers, and the queue's partitions on it.
/// What other nodes hold is no matter here: else the loss of one would take all from behind their load balancer. A node
/// that is the only one with partitions needs them all.
/// </summary>
internal sealed class NodeReadiness(
    ClusterView view, MailStorage storage, IQueueAdministration queue, MailClusterOptions options,
    IHostApplicationLifetime lifetime, TimeProvider time) : IReadiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<string?> FindTroubleAsync(CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return "the node is stopping";
        }

        if (!view.IsUp)
        {
            return "the node is no member of the cluster";
        }

        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await storage.CheckAsync(either.Token).WaitAsync(either.Token);
            await AskPartitionsAsync(await PartitionsAsync(either.Token), either.Token).WaitAsync(either.Token);
            return null;
        }
        catch (StorageException)
        {
            return "the database does not answer";
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return "the queue or the database does not answer";
        }
    }

    private async Task<ImmutableArray<int>> PartitionsAsync(CancellationToken cancellation) =>
        options.Cluster.Has(ClusterRole.Queue) && view.IsOnlyQueueNode
            ? [.. Enumerable.Range(0, options.Queue.Partitions)]
            : await view.LocalPartitionsAsync(cancellation);

    private Task AskPartitionsAsync(ImmutableArray<int> partitions, CancellationToken cancellation)
    {
        var nothing = new ListMessages(null, null, null, null, Limit: 1, null);
        return Task.WhenAll(partitions.Select(partition => queue.ListAsync(partition, nothing, cancellation)));
    }
}
