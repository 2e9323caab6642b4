namespace MailCluster.Queue;

/// <summary>How far one recipient is; numbers are stored, never reused.</summary>
public enum RecipientStatus
{
    Pending = 0,
    Delivered = 1,
    Failed = 2,
}
