using System.Collections.Immutable;
using MailCluster.Mail.Envelopes;

namespace MailCluster.Queue;

/// <summary>Something whose time has come.</summary>
public abstract record DueWork
{
    private DueWork()
    {
    }

    public required QueueEntry Entry { get; init; }

    /// <summary>Deliver to recipients of one next hop.</summary>
    public sealed record Relay(NextHop NextHop, ImmutableArray<int> Recipients) : DueWork;

    /// <summary>Store one recipient's copy.</summary>
    public sealed record Store(DeliveryTarget.Mailbox Mailbox, int Recipient) : DueWork;

    /// <summary>Write a notice; then <see cref="RecordNotice"/>.</summary>
    public sealed record Notice(NoticePlan Plan) : DueWork;
}
