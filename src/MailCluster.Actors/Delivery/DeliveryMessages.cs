using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Delivery;

/// <summary>Something for one next hop; its key decides which Destination gets it.</summary>
public interface IWithNextHop
{
    NextHop NextHop { get; }
}

/// <summary>
/// Try to deliver to some recipients of an entry: from a queue partition, repeated until answered with
/// <see cref="DeliveryAttempted"/>. A Destination that has the attempt in hand ignores the repeat; one that answered it
/// lately answers again; a fresh one, after a fail-over, starts it.
/// </summary>
/// <param name="Attempt">The partition's number of this attempt, sent back as it is.</param>
/// <param name="Recipients">The recipients, with their index in the entry.</param>
public sealed record AttemptDelivery(
    NextHop NextHop, QueueId QueueId, long Attempt, ReversePath ReversePath, BodyType BodyType, bool Utf8,
    DsnReturn Return, string? EnvelopeId, long Size, ImmutableArray<RecipientToTry> Recipients) : IWithNextHop;

/// <summary>One recipient of an attempt; <paramref name="Index"/> is its place in the queue entry.</summary>
public sealed record RecipientToTry(int Index, ForwardPath Path, DsnNotify Notify, string? OriginalRecipient);

/// <summary>What became of each recipient: from the Destination to the partition.</summary>
public sealed record DeliveryAttempted(QueueId QueueId, long Attempt, ImmutableArray<RecipientOutcome> Outcomes);

/// <summary>From the shard: finish what is under way, then stop. Also the hand-off's stop message.</summary>
public sealed class StopDestination
{
    public static readonly StopDestination Instance = new();
}
