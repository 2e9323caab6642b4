namespace MailCluster.Node.Migration;

/// <summary>What became of a folder's messages.</summary>
internal sealed class FolderTally(string folder)
{
    public string Folder => folder;

    public long Done { get; set; }

    public long AlreadyThere { get; set; }

    public long TooLarge { get; set; }

    public long OverQuota { get; set; }

    public long Unreadable { get; set; }

    /// <summary>Messages that are there now, but for keywords.</summary>
    public long WithoutKeywords { get; set; }

    public bool IsComplete => TooLarge + OverQuota + Unreadable + WithoutKeywords == 0;
}
