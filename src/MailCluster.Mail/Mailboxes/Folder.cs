using System.Collections.Immutable;

namespace MailCluster.Mail.Mailboxes;

/// <summary>A folder whatever its name; never given twice. With an "F" before it the MAILBOXID of RFC 8474 §4.</summary>
public readonly record struct FolderId(long Value)
{
    public string MailboxId => $"F{Value}";
}

/// <summary>All that LIST, STATUS and SELECT tell of a folder, of one moment.</summary>
/// <param name="Keywords">All that it ever had, for FLAGS and PERMANENTFLAGS.</param>
/// <param name="Rights">Of who asks.</param>
public sealed record Folder(
    FolderId Id,
    FolderName Name,
    string? SpecialUse,
    UidValidity UidValidity,
    Uid UidNext,
    long HighestModSeq,
    long Messages,
    long Unseen,
    long Deleted,
    long Size,
    long DeletedSize,
    ImmutableArray<string> Keywords,
    FolderRights Rights = FolderRights.All);

public sealed record FolderList(ImmutableArray<Folder> Folders, ImmutableArray<FolderName> Subscribed);

public sealed record OpenedFolder(Folder Folder, UidSet Uids);

public sealed record QuotaUsage(long Bytes, long? MaxBytes, long Messages, long? MaxMessages);

/// <summary>What a session must hear of that knew the folder as of a MODSEQ, of one moment.</summary>
/// <param name="Changed">Messages that came or changed since, and are still there.</param>
/// <param name="Expunged">Messages that went since.</param>
public sealed record FolderNews(Folder Folder, UidSet Changed, ExpungedUids Expunged);
