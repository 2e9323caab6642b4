namespace MailCluster.Actors.Queue;

/// <summary>
/// The first event of each incarnation of a partition: it takes the next number of the journal, so that a copy elsewhere
/// that does not know yet that it has lost the partition can write nothing more, even where nothing has happened since.
/// Says nothing about the queue; the node is for whoever looks into the journal.
/// </summary>
/// <param name="Node">Address of the node that took it.</param>
public sealed record PartitionTaken(DateTimeOffset At, string Node);
