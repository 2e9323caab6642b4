using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using MailCluster.Storage;
using MailCluster.Storage.Membership;
using AkkaCluster = Akka.Cluster.Cluster;

namespace MailCluster.Node.Membership;

/// <summary>
/// Brings the node into the cluster. A node asks its contact points and the nodes that the register names; it founds
/// a cluster of its own only where the register lets it and nobody has answered for a while. So two clusters on one
/// database do not come to be by nodes that start together, by one that does not see the others, or after the database
/// was away; and where they did, since the others had no database and nobody saw them, the smaller one gives way. A node
/// without a register is alone.
/// </summary>
internal sealed class ClusterFormation(
    ActorSystem system, MailStorage storage, ContactPoints contacts, TimeProvider time, ILogger<ClusterFormation> logger)
    : BackgroundService
{
    /// <summary>Between two rounds of asking; <see cref="FoundingRule"/> says how many there are.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    /// <summary>Several of these may be lost before the register forgets the node.</summary>
    private static readonly TimeSpan ConfirmInterval = TimeSpan.FromSeconds(4);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(system);
    private readonly FoundingRule _rule = new();
    private readonly SecondCluster _second = new(time);

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
        while (!up.IsCompleted)
        {
            try
            {
                await AskAsync(register, cancellation);
            }
            catch (StorageException trouble)
            {
                _rule.RegisterFailed();
                logger.RegisterFailed(trouble.Message);
            }

            await Task.WhenAny(up, Task.Delay(Round, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task AskAsync(IMembershipRegister register, CancellationToken cancellation)
    {
        var points = (await contacts.FindAsync(cancellation))
            .Select(point => _cluster.SelfAddress.WithHost(point.Address.ToString()).WithPort(point.Port));
        var known = await register.EnterAsync(Self, cancellation);
        var asked = points.Concat(known.Members.Concat(known.Former).Select(Address.Parse)).Distinct().ToImmutableArray();
        if (_rule.MayFound(known, asked.Length))
        {
            logger.Founding(_cluster.SelfAddress);
            _cluster.Join(_cluster.SelfAddress);
            return;
        }

        logger.Asking(asked.Length);
        _cluster.JoinSeedNodes(asked);
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
                    GiveWay(await register.ConfirmAsync(Self, cancellation));
                }
                catch (StorageException trouble)
                {
                    logger.RegisterFailed(trouble.Message);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Down, the node ends its actors and starts again, as one that was shut out.</summary>
    private void GiveWay(ImmutableArray<string> confirmed)
    {
        var ours = _cluster.State.Members.Select(member => member.Address.ToString()).ToHashSet();
        if (_second.MustGiveWay(Self, ours, confirmed))
        {
            logger.GivingWay(string.Join(", ", confirmed.Where(address => !ours.Contains(address))));
            _cluster.Down(_cluster.SelfAddress);
        }
    }
}
