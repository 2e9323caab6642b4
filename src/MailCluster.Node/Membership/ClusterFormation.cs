using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using MailCluster.Storage;
using MailCluster.Storage.Membership;
using AkkaCluster = Akka.Cluster.Cluster;

namespace MailCluster.Node.Membership;

/// <summary>
/// Brings the node into the cluster. A node asks its contact points and the members that the register names; it founds
/// a cluster of its own only where the register lets it and no contact point has answered for a while. So two clusters
/// on one database cannot come to be by nodes that start together, or by one that does not see the others. A node
/// without a register is alone.
/// </summary>
internal sealed class ClusterFormation(
    ActorSystem system, MailStorage storage, ContactPoints contacts, TimeProvider time, ILogger<ClusterFormation> logger)
    : BackgroundService
{
    /// <summary>How long contact points are asked before a node founds a cluster, and between two rounds of asking.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    /// <summary>Several of these may be lost before the register forgets the node.</summary>
    private static readonly TimeSpan ConfirmInterval = TimeSpan.FromSeconds(4);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(system);

    private string Self => _cluster.SelfAddress.ToString();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage.Membership is not { } register)
        {
            _cluster.Join(_cluster.SelfAddress);
            return;
        }

        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.RegisterOnMemberUp(up.SetResult);
        await JoinAsync(register, up.Task, stoppingToken);
        await ConfirmAsync(register, stoppingToken);
    }

    private async Task JoinAsync(IMembershipRegister register, Task up, CancellationToken cancellation)
    {
        var askedInVain = false;
        while (!up.IsCompleted)
        {
            try
            {
                askedInVain = await AskAsync(register, askedInVain, cancellation);
            }
            catch (StorageException trouble)
            {
                logger.RegisterFailed(trouble.Message);
            }

            await Task.WhenAny(up, Task.Delay(Round, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>One round; true where this node may found the cluster once it has asked everybody in vain.</summary>
    private async Task<bool> AskAsync(IMembershipRegister register, bool askedInVain, CancellationToken cancellation)
    {
        var points = (await contacts.FindAsync(cancellation))
            .Select(point => _cluster.SelfAddress.WithHost(point.Address.ToString()).WithPort(point.Port));
        var members = await register.EnterAsync(Self, cancellation);
        var asked = points.Concat(members.Select(Address.Parse)).Distinct().ToImmutableArray();
        if (members.IsEmpty && (askedInVain || asked.IsEmpty))
        {
            logger.Founding(_cluster.SelfAddress);
            _cluster.Join(_cluster.SelfAddress);
            return false;
        }

        logger.Asking(asked.Length);
        _cluster.JoinSeedNodes(asked);
        return members.IsEmpty;
    }

    private async Task ConfirmAsync(IMembershipRegister register, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(ConfirmInterval, time);
        do
        {
            if (_cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting)
            {
                try
                {
                    await register.ConfirmAsync(Self, cancellation);
                }
                catch (StorageException trouble)
                {
                    logger.RegisterFailed(trouble.Message);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }
}
