using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>The counters of an account while one transaction changes them; its folders share it.</summary>
internal sealed class AccountState(AccountId id)
{
    public AccountId Id => id;

    public long ModSeq { get; set; }

    public long UidValidity { get; set; }

    public long UsedBytes { get; init; }

    public long? QuotaBytes { get; init; }

    public long Messages { get; init; }

    public long? QuotaMessages { get; init; }

    public long AddedBytes { get; set; }

    public long AddedMessages { get; set; }

    public bool Fits(long bytes, long messages) =>
        (QuotaBytes is not { } quota || UsedBytes + AddedBytes + bytes <= quota)
        && (QuotaMessages is not { } most || Messages + AddedMessages + messages <= most);
}

/// <summary>The counters of a folder while one transaction changes them.</summary>
internal sealed class FolderState(long id, AccountState account)
{
    /// <summary>
    /// Expunged UIDs of this many changes are kept (RFC 7162 §5.1 leaves open how many): a client that saw an older
    /// MODSEQ than the highest less this number must compare its whole list.
    /// </summary>
    public const long ExpungedHistory = 100_000;

    public long Id => id;

    public AccountState Account => account;

    public long UidNext { get; set; }

    public UidValidity UidValidity { get; init; }

    public long HighestModSeq { get; private set; }

    /// <summary>As it was before the transaction.</summary>
    public required long StoredModSeq
    {
        get;
        init => field = HighestModSeq = value;
    }

    /// <summary>All that the folder ever had, in the case of the first.</summary>
    public string Keywords { get; set; } = "";

    /// <summary>Of who asks for what is under way.</summary>
    public FolderRights Rights { get; set; } = FolderRights.All;

    public bool HasExpunged { get; set; }

    public FolderCounts Added { get; set; }

    /// <summary>One operation gives one MODSEQ to all that it touches (RFC 7162 §3.1); the counter is the account's.</summary>
    public long NextModSeq() => HighestModSeq = ++account.ModSeq;

    /// <summary>Done, or why not: who does not see the folder is told that there is none (RFC 4314 §6).</summary>
    public FolderOutcome Check(FolderRights needed) =>
        (Rights & needed) == needed ? FolderOutcome.Done
        : Rights.HasFlag(FolderRights.Lookup) ? FolderOutcome.NoRight
        : FolderOutcome.NoSuchFolder;

    /// <summary>The messages have come, or gone where <paramref name="counts"/> is negative.</summary>
    public void Charge(FolderCounts counts)
    {
        Added += counts;
        account.AddedBytes += counts.Size;
        account.AddedMessages += counts.Messages;
    }
}

/// <summary>What the row of a folder counts, so that STATUS reads no message.</summary>
internal readonly record struct FolderCounts(long Messages, long Unseen, long Deleted, long Size, long DeletedSize)
{
    /// <summary>No other flag changes a count.</summary>
    public const MessageFlags Counted = MessageFlags.Seen | MessageFlags.Deleted;

    public static FolderCounts Of(MessageFlags flags, long size) => new(
        1,
        flags.HasFlag(MessageFlags.Seen) ? 0 : 1,
        flags.HasFlag(MessageFlags.Deleted) ? 1 : 0,
        size,
        flags.HasFlag(MessageFlags.Deleted) ? size : 0);

    public static FolderCounts operator +(FolderCounts a, FolderCounts b) => new(
        a.Messages + b.Messages, a.Unseen + b.Unseen, a.Deleted + b.Deleted, a.Size + b.Size, a.DeletedSize + b.DeletedSize);

    public static FolderCounts operator -(FolderCounts a, FolderCounts b) => a + -b;

    public static FolderCounts operator -(FolderCounts a) =>
        new(-a.Messages, -a.Unseen, -a.Deleted, -a.Size, -a.DeletedSize);
}
