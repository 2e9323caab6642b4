using System.Buffers;
using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// What the session needs of its host before it can go on. The host carries it out and calls
/// <see cref="ImapSession.Answer"/> with the answer that is named, then <see cref="ImapSession.Advance"/> again. Whatever is
/// asked of the store may also be answered with <see cref="EffectAnswer.StoreFailed"/>.
/// </summary>
public abstract record SessionEffect
{
    private SessionEffect()
    {
    }

    /// <summary>All complete input is used up: send the responses, read more octets, or wait for a notice. No answer.</summary>
    public sealed record ReadMore : SessionEffect
    {
        public static readonly ReadMore Instance = new();
    }

    /// <summary>Send the responses that are written, since more are to come. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record Flush : SessionEffect
    {
        public static readonly Flush Instance = new();
    }

    /// <summary>SCRAM needs the verifier of a login name. Answer: <see cref="EffectAnswer.Credentials"/>.</summary>
    public sealed record FindCredentials(string UserName) : SessionEffect;

    /// <summary>Find the account, check the password. Answer: <see cref="EffectAnswer.PasswordChecked"/>.</summary>
    public sealed record CheckPassword(string UserName, string Password) : SessionEffect
    {
        public override string ToString() => nameof(CheckPassword); // no password in a log
    }

    /// <summary>All folders and subscriptions. Answer: <see cref="EffectAnswer.Folders"/>.</summary>
    public sealed record ListFolders : SessionEffect
    {
        public static readonly ListFolders Instance = new();
    }

    /// <summary>The counters of one folder. Answer: <see cref="EffectAnswer.Found"/>.</summary>
    public sealed record FindFolder(FolderName Name) : SessionEffect
    {
        /// <summary>0 for who is logged in; so everywhere. Of another's folder the answer has the rights of who is.</summary>
        public AccountId Owner { get; init; }
    }

    /// <summary>The folder with its UIDs; notices of it come from before this on. Answer: <see cref="EffectAnswer.Opened"/>.</summary>
    public sealed record OpenFolder(FolderName Name) : SessionEffect
    {
        public AccountId Owner { get; init; }
    }

    /// <summary>What came, changed and went since. Answer: <see cref="EffectAnswer.News"/>.</summary>
    public sealed record ReadNews(FolderId Folder, long Since) : SessionEffect
    {
        public AccountId Owner { get; init; }
    }

    /// <summary>Messages of the set behind a UID, in order. Answer: <see cref="EffectAnswer.Messages"/>.</summary>
    public sealed record Fetch(FolderId Folder, UidSet Uids, FetchColumns Columns, Uid After, int Limit) : SessionEffect;

    /// <summary>Messages of which all this is so. Answer: <see cref="EffectAnswer.Uids"/>.</summary>
    public sealed record FindUids(FolderId Folder, MessageCriteria Criteria) : SessionEffect;

    /// <summary>Messages of the set whose text is so. Answer: <see cref="EffectAnswer.Uids"/>.</summary>
    public sealed record FindText(FolderId Folder, UidSet Uids, TextCriterion Criterion) : SessionEffect;

    /// <summary>The highest MODSEQ of a set. Answer: <see cref="EffectAnswer.HighestModSeq"/>.</summary>
    public sealed record FindModSeq(FolderId Folder, UidSet Uids) : SessionEffect;

    /// <summary>What went since a MODSEQ. Answer: <see cref="EffectAnswer.Expunged"/>.</summary>
    public sealed record ReadExpunged(FolderId Folder, long Since) : SessionEffect;

    /// <summary>Compute the structure of a body. Answer: <see cref="EffectAnswer.Structure"/>.</summary>
    public sealed record ReadStructure(BodyId Body) : SessionEffect;

    /// <summary>Read these slices, all small. Answer: <see cref="EffectAnswer.Slices"/>.</summary>
    public sealed record ReadSlices(ImmutableArray<MessageSlice> Slices) : SessionEffect;

    /// <summary>
    /// Send what is written, then a slice. Answer: <see cref="EffectAnswer.Done"/>; where the store fails the host closes,
    /// since a literal that is announced cannot be taken back.
    /// </summary>
    public sealed record SendSlice(MessageSlice Slice) : SessionEffect;

    /// <summary>How long a section is when it is decoded. Answer: <see cref="EffectAnswer.Measured"/>.</summary>
    public sealed record MeasureDecoded(EncodedSlice Section) : SessionEffect;

    /// <summary>
    /// Send what is written, then a decoded section, or a cut out of it. Answer: <see cref="EffectAnswer.Done"/>, and the
    /// host closes as with <see cref="SendSlice"/>.
    /// </summary>
    public sealed record SendDecoded(EncodedSlice Section, long First, long Count) : SessionEffect;

    /// <summary>
    /// Have the owner's one writer change something, under the rights of who is logged in. Answer:
    /// <see cref="EffectAnswer.Changed"/>.
    /// </summary>
    public sealed record Change(MailboxChange What) : SessionEffect
    {
        public AccountId Owner { get; init; }
    }

    /// <summary>Find the account of an address. Answer: <see cref="EffectAnswer.User"/>.</summary>
    public sealed record FindUser(string Address) : SessionEffect;

    /// <summary>What who is logged in may do with another's folder. Answer: <see cref="EffectAnswer.Rights"/>.</summary>
    public sealed record ReadRights(FolderId Folder) : SessionEffect;

    /// <summary>Who may do what with a folder. Answer: <see cref="EffectAnswer.Access"/>.</summary>
    public sealed record ReadAccess(FolderId Folder) : SessionEffect;

    /// <summary>Begin to spool a message. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record BeginBody : SessionEffect
    {
        public static readonly BeginBody Instance = new();
    }

    /// <summary>Spool more octets; they are the session's input until it is answered. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record WriteBody(ReadOnlySequence<byte> Octets) : SessionEffect;

    /// <summary>
    /// Spool more octets, which are those of a stored message (RFC 4469). Answer: <see cref="EffectAnswer.Done"/>.
    /// </summary>
    public sealed record CopyBody(MessageSlice Slice) : SessionEffect;

    /// <summary>Make the message durable. Answer: <see cref="EffectAnswer.BodyStored"/>.</summary>
    public sealed record EndBody : SessionEffect
    {
        public static readonly EndBody Instance = new();
    }

    /// <summary>Forget the message that is being spooled. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record DropBody : SessionEffect
    {
        public static readonly DropBody Instance = new();
    }

    /// <summary>What the account keeps, and what it may. Answer: <see cref="EffectAnswer.Quota"/>.</summary>
    public sealed record ReadQuota : SessionEffect
    {
        public static readonly ReadQuota Instance = new();
    }

    /// <summary>
    /// Have the account's writer tell of changes from now on; no answer before it does. Answer:
    /// <see cref="EffectAnswer.Done"/>.
    /// </summary>
    public sealed record WatchAccount : SessionEffect
    {
        public static readonly WatchAccount Instance = new();
    }

    /// <summary>METADATA entries of a folder, 0 for the server. Answer: <see cref="EffectAnswer.Annotations"/>.</summary>
    public sealed record ReadAnnotations(FolderId Folder) : SessionEffect;

    /// <summary>METADATA entries with these names, of all folders. Answer: <see cref="EffectAnswer.Annotations"/>.</summary>
    public sealed record FindAnnotations(ImmutableArray<EntryName> Names) : SessionEffect;

    /// <summary>Which METADATA entries changed since a MODSEQ. Answer: <see cref="EffectAnswer.AnnotationsChanged"/>.</summary>
    public sealed record ReadAnnotationNews(long Since) : SessionEffect;

    /// <summary>Send the responses, drop every octet still buffered, do the TLS handshake. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record StartTls : SessionEffect
    {
        public static readonly StartTls Instance = new();
    }

    /// <summary>Whether this connection may be compressed. Answer: <see cref="EffectAnswer.Done"/>, else it may not.</summary>
    public sealed record ReserveCompression : SessionEffect
    {
        public static readonly ReserveCompression Instance = new();
    }

    /// <summary>
    /// Send the responses as they are, then compress what follows; the octets still buffered are compressed, too
    /// (RFC 4978 §3). Answer: <see cref="EffectAnswer.Done"/>.
    /// </summary>
    public sealed record StartCompression : SessionEffect
    {
        public static readonly StartCompression Instance = new();
    }

    /// <summary>Send the responses compressed, then end compression both ways. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record EndCompression : SessionEffect
    {
        public static readonly EndCompression Instance = new();
    }

    /// <summary>The account that is logged in is so no longer: no more notices of it. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record ForgetAccount : SessionEffect
    {
        public static readonly ForgetAccount Instance = new();
    }

    /// <summary>Send the responses, then close. No answer.</summary>
    public sealed record Close : SessionEffect
    {
        public static readonly Close Instance = new();
    }
}

/// <summary>Octets of a stored message: its prefix and its body are one run.</summary>
public sealed record MessageSlice(BodyId Body, string Prefix, long Offset, long Length);

/// <summary>A section as it is stored, and what undoes its encoding (RFC 9051 §6.4.5, BINARY).</summary>
/// <param name="Encoding">In lower case, one that a <see cref="Mail.Mime.TransferDecoder"/> knows.</param>
/// <param name="IsText">Its lines end with CRLF when it is decoded.</param>
public sealed record EncodedSlice(MessageSlice Slice, string Encoding, bool IsText);
