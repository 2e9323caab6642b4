using Akka.Actor;
using MailCluster.Actors.Queue;

namespace MailCluster.Actors.Connections.Smtp;

/// <summary>What all SMTP connections of a node share.</summary>
/// <param name="Backend">Directory and spool.</param>
/// <param name="Partitions">Chooses the partition of a new message.</param>
/// <param name="Local">Take <see cref="MailCluster.Queue.EnqueueMessage"/> for partitions of this node.</param>
/// <param name="PartitionRegion">Takes it for all others.</param>
/// <param name="Time">The clock.</param>
public sealed record SmtpConnectionServices(
    SmtpBackend Backend, PartitionChooser Partitions, LocalPartitions Local, IActorRef PartitionRegion, TimeProvider Time);

/// <summary>How long an SMTP connection waits for what.</summary>
/// <param name="Command">RFC 5321 §4.5.3.2.7: for the next command, at least 5 minutes.</param>
/// <param name="Content">For the next 32 KiB of content; the sender's own limit is 3 minutes for a block (§4.5.3.2.5).</param>
/// <param name="Enqueue">
/// For the queue to take the message, over a fail-over of its partition: senders wait 10 minutes (§4.5.3.2.6).
/// </param>
/// <param name="EnqueueRetry">Between two questions to the queue.</param>
public sealed record SmtpConnectionTimeouts(
    TimeSpan Command, TimeSpan Content, TimeSpan Enqueue, TimeSpan EnqueueRetry)
{
    public static readonly SmtpConnectionTimeouts Default = new(
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(3));
}
