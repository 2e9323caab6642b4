using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>Something about one queue entry; its id names the partition that owns it.</summary>
public interface IWithQueueId
{
    QueueId QueueId { get; }
}
