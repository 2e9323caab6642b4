using System.Collections.Immutable;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Mailboxes;

/// <summary>A message on its way into a folder by APPEND; the queue or its writer holds the body meanwhile.</summary>
public sealed record AppendEntry(
    BodyId Body,
    long BodySize,
    string Prefix,
    MessageFlags Flags,
    ImmutableArray<string> Keywords,
    DateTimeOffset InternalDate);

/// <summary>What became of a change; all but the first changed nothing.</summary>
public enum FolderOutcome
{
    Done,
    NoSuchFolder,
    AlreadyExists,

    /// <summary>There are folders below it (RFC 9051 §6.3.5, HASCHILDREN).</summary>
    HasChildren,

    /// <summary>Not with the INBOX, not into itself, too deep, too many folders, or a special use that another one has.</summary>
    NotAllowed,

    OverQuota,
    TooManyKeywords,

    /// <summary>Of <see cref="MailboxChange.Replace"/>: what was to be replaced is gone.</summary>
    NoSuchMessage = 7,

    /// <summary>Who asks sees the folder, but has not the right to do this (RFC 4314 §4).</summary>
    NoRight = 60,

    /// <summary>Entries, or octets of them (RFC 5464 §4.3, METADATA TOOMANY).</summary>
    TooManyAnnotations = 40,
}

/// <summary>What came of a <see cref="MailboxChange"/>.</summary>
public abstract record ChangeResult(FolderOutcome Outcome);

/// <param name="Folder">The folder that was made, deleted or renamed.</param>
/// <param name="Moved">Of a renamed INBOX: the messages that went to it.</param>
public sealed record FolderChange(FolderOutcome Outcome, FolderId Folder = default, CopyResult? Moved = null)
    : ChangeResult(Outcome);

/// <param name="Uids">In the order of the entries.</param>
/// <param name="Before">
/// The highest MODSEQ of the folder before this change: who knows the folder as of then knows it as of now, without a look.
/// </param>
public sealed record AppendResult(
    FolderOutcome Outcome,
    FolderId Folder = default,
    UidValidity UidValidity = default,
    UidSet? Uids = null,
    long ModSeq = 0,
    long Before = 0)
    : ChangeResult(Outcome);

public enum FlagsAction
{
    Add,
    Remove,
    Replace,
}

/// <param name="UnchangedSince">Messages with a higher MODSEQ are left alone and named (RFC 7162 §3.1.3).</param>
public sealed record FlagsChange(
    FlagsAction Action, MessageFlags Flags, ImmutableArray<string> Keywords, long UnchangedSince = long.MaxValue);

/// <param name="ModSeq">Of all that changed; 0 where nothing did.</param>
/// <param name="Changed">One for each set of flags that messages have now.</param>
/// <param name="Failed">Those that were changed since.</param>
/// <param name="Before">As of <see cref="AppendResult"/>.</param>
public sealed record FlagsResult(
    FolderOutcome Outcome, long ModSeq, ImmutableArray<FlaggedUids> Changed, UidSet Failed, long Before = 0)
    : ChangeResult(Outcome);

public sealed record FlaggedUids(MessageFlags Flags, ImmutableArray<string> Keywords, UidSet Uids);

/// <param name="From">The messages, in the order of <paramref name="To"/>.</param>
/// <param name="ToModSeq">Of the new messages.</param>
/// <param name="FromModSeq">Of the removal, where they were moved.</param>
/// <param name="FromBefore">The highest MODSEQ of the folder that they were removed from, before this change.</param>
public sealed record CopyResult(
    FolderOutcome Outcome,
    FolderId Folder = default,
    UidValidity UidValidity = default,
    UidSet? From = null,
    UidSet? To = null,
    long ToModSeq = 0,
    long FromModSeq = 0,
    long FromBefore = 0)
    : ChangeResult(Outcome);

/// <param name="ModSeq">Of the last that went; 0 where none did.</param>
/// <param name="Before">As of <see cref="AppendResult"/>.</param>
public sealed record ExpungeResult(FolderOutcome Outcome, UidSet Uids, long ModSeq, long Before = 0)
    : ChangeResult(Outcome);

/// <param name="ModSeq">Of the change; 0 where nothing changed.</param>
public sealed record AnnotationResult(FolderOutcome Outcome, long ModSeq = 0) : ChangeResult(Outcome);

/// <param name="Appended">Null where nothing was done, and so is the other.</param>
public sealed record ReplaceResult(FolderOutcome Outcome, AppendResult? Appended = null, ExpungeResult? Expunged = null)
    : ChangeResult(Outcome);
