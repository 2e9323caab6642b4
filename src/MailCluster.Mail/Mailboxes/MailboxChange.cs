using System.Collections.Immutable;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Mailboxes;

/// <summary>What only the account's one writer, its Mailbox, may do; it answers with a <see cref="ChangeResult"/>.</summary>
public abstract record MailboxChange
{
    private MailboxChange()
    {
    }

    /// <summary>Done twice, it is the same as done once: may be asked again where no answer came.</summary>
    public virtual bool MayBeRepeated => true;

    /// <summary>What may be done depends on who asks for it, even where that is the owner.</summary>
    public virtual bool NeedsAsker => false;

    /// <summary>RFC 9051 §6.3.4, with a special use (RFC 6154 §3). Answer: <see cref="FolderChange"/>.</summary>
    public sealed record CreateFolder(FolderName Name, string? SpecialUse) : MailboxChange
    {
        public override bool MayBeRepeated => false; // the second answer would be that it exists
    }

    /// <summary>RFC 9051 §6.3.5. Answer: <see cref="FolderChange"/>.</summary>
    public sealed record DeleteFolder(FolderName Name) : MailboxChange
    {
        public override bool MayBeRepeated => false;
    }

    /// <summary>RFC 9051 §6.3.6. Answer: <see cref="FolderChange"/>.</summary>
    public sealed record RenameFolder(FolderName From, FolderName To) : MailboxChange
    {
        public override bool MayBeRepeated => false;
    }

    /// <summary>RFC 9051 §6.3.7, §6.3.8; also of names that no folder has. Answer: <see cref="FolderChange"/>.</summary>
    public sealed record Subscribe(FolderName Name, bool Subscribed) : MailboxChange;

    /// <summary>
    /// RFC 9051 §6.3.12, all of them or none (RFC 3502). Answer: <see cref="AppendResult"/>.
    /// </summary>
    public sealed record Append(FolderName Folder, ImmutableArray<AppendEntry> Entries) : MailboxChange
    {
        public override bool MayBeRepeated => false; // it would be there twice
    }

    /// <summary>
    /// A message that comes from elsewhere: once for each key, however often it is told and whatever became of it since.
    /// Answer: <see cref="AppendResult"/>, with no UIDs where it has come before.
    /// </summary>
    public sealed record Import(FolderName Folder, AppendEntry Entry, ImportKey Key) : MailboxChange;

    /// <summary>RFC 8508: one message comes and another goes, or neither. Answer: <see cref="ReplaceResult"/>.</summary>
    public sealed record Replace(FolderId From, Uid Uid, FolderName To, AppendEntry Entry) : MailboxChange
    {
        public override bool MayBeRepeated => false; // the second answer would be that there is none to replace
    }

    /// <summary>RFC 9051 §6.4.6. Answer: <see cref="FlagsResult"/>.</summary>
    public sealed record StoreFlags(FolderId Folder, UidSet Uids, FlagsChange Change) : MailboxChange
    {
        /// <summary>With UNCHANGEDSINCE the second answer would be that all were changed since: by the first.</summary>
        public override bool MayBeRepeated => Change.UnchangedSince == long.MaxValue;
    }

    /// <summary>RFC 9051 §6.4.7, all of them or none. Answer: <see cref="CopyResult"/>.</summary>
    public sealed record Copy(FolderId From, UidSet Uids, FolderName To) : MailboxChange
    {
        public override bool MayBeRepeated => false;
    }

    /// <summary>RFC 6851. Answer: <see cref="CopyResult"/>.</summary>
    public sealed record Move(FolderId From, UidSet Uids, FolderName To) : MailboxChange
    {
        public override bool MayBeRepeated => false; // done, but its UIDs would not be told
    }

    /// <summary>
    /// RFC 5464 §4.3, all of them or none; of the server where there is no folder. Answer: <see cref="AnnotationResult"/>.
    /// </summary>
    public sealed record Annotate(FolderName? Folder, ImmutableArray<AnnotationChange> Entries) : MailboxChange;

    /// <summary>RFC 9051 §6.4.3: those of the set that are \Deleted. Answer: <see cref="ExpungeResult"/>.</summary>
    public sealed record Expunge(FolderId Folder, UidSet Uids) : MailboxChange
    {
        public override bool MayBeRepeated => false; // done, but not told what went
    }

    /// <summary>RFC 4314 §3.1, §3.2: adds, takes away or replaces the rights of one entry. Answer: <see cref="FolderChange"/>.</summary>
    public sealed record SetRights(FolderName Folder, AccessIdentifier Identifier, FlagsAction Action, FolderRights Rights)
        : MailboxChange
    {
        public override bool NeedsAsker => true;
    }

    /// <summary>
    /// RFC 9051 §6.4.7, from a folder of another account, all of them or none: the target's Mailbox does it. Answer:
    /// <see cref="CopyResult"/>.
    /// </summary>
    public sealed record CopyFrom(AccountId Owner, FolderId From, UidSet Uids, FolderName To) : MailboxChange
    {
        public override bool NeedsAsker => true;

        public override bool MayBeRepeated => false;
    }

    /// <summary>
    /// The second half of a MOVE to another account: those of the set, whatever their flags. Answer:
    /// <see cref="ExpungeResult"/>.
    /// </summary>
    public sealed record Remove(FolderId Folder, UidSet Uids) : MailboxChange
    {
        public override bool NeedsAsker => true;

        public override bool MayBeRepeated => false; // done, but not told what went
    }
}
