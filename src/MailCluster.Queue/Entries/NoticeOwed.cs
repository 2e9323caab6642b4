namespace MailCluster.Queue;

/// <summary>What the sender must still be told of a recipient; numbers are stored, never reused.</summary>
public enum NoticeOwed
{
    None = 0,
    Failed = 1,
    Delivered = 2,
    Relayed = 3,
}
