using System.Collections.Immutable;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>All of a partition's state, to be stored. Ids are in the order in which they finished.</summary>
public sealed record QueueSnapshot(ImmutableArray<QueueEntry> Entries, ImmutableArray<QueueId> RecentlyFinished);
