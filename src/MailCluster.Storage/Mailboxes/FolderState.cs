using MailCluster.Mail.Identity;

namespace MailCluster.Storage.Mailboxes;

/// <summary>The counters of a folder and its account while one transaction changes them.</summary>
internal sealed class FolderState(long id, AccountId account)
{
    /// <summary>
    /// Expunged UIDs of this many changes are kept (RFC 7162 §5.1 leaves open how many): a client that saw an older
    /// MODSEQ than the highest less this number must compare its whole list.
    /// </summary>
    public const long ExpungedHistory = 100_000;

    public long Id => id;

    public AccountId Account => account;

    public long UidNext { get; set; }

    public long HighestModSeq { get; set; }

    public long UsedBytes { get; init; }

    public long? QuotaBytes { get; init; }

    public long AddedBytes { get; set; }

    public long AddedMessages { get; set; }

    public bool Fits(long size) => QuotaBytes is not { } quota || UsedBytes + AddedBytes + size <= quota;
}
