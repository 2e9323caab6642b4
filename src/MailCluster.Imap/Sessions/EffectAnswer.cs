using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Sessions;

/// <summary>What the host found out about the last <see cref="SessionEffect"/>.</summary>
public abstract record EffectAnswer
{
    private EffectAnswer()
    {
    }

    /// <summary>It is done; nothing to say.</summary>
    public sealed record Done : EffectAnswer
    {
        public static readonly Done Instance = new();
    }

    /// <summary>The store, or the account's writer, could not say.</summary>
    public sealed record StoreFailed : EffectAnswer
    {
        public static readonly StoreFailed Instance = new();
    }

    /// <summary>The login name was looked up; null where there is none.</summary>
    public sealed record Credentials(LoginAccount? Account, ScramVerifier? Verifier) : EffectAnswer;

    /// <summary>The password was checked; null where it is wrong.</summary>
    public sealed record PasswordChecked(LoginAccount? Account) : EffectAnswer;

    public sealed record Folders(FolderList List) : EffectAnswer
    {
        /// <summary>Those of others that who is logged in may see.</summary>
        public ImmutableArray<SharedFolder> Shared { get; init; } = [];
    }

    /// <summary>Null where there is none.</summary>
    public sealed record User(LoginAccount? Account) : EffectAnswer;

    public sealed record Rights(FolderRights What) : EffectAnswer;

    public sealed record Access(ImmutableArray<AccessEntry> Entries) : EffectAnswer;

    /// <summary>Null where there is no such folder.</summary>
    public sealed record Found(Folder? Folder) : EffectAnswer;

    /// <summary>Null where there is no such folder.</summary>
    public sealed record Opened(OpenedFolder? Folder) : EffectAnswer;

    /// <summary>Null where the folder is gone.</summary>
    public sealed record News(FolderNews? What) : EffectAnswer;

    /// <summary>Fewer than the limit: there are no more.</summary>
    public sealed record Messages(ImmutableArray<FetchedMessage> Page) : EffectAnswer;

    public sealed record Uids(UidSet Set) : EffectAnswer;

    /// <summary>0 where none of them is there.</summary>
    public sealed record HighestModSeq(long ModSeq) : EffectAnswer;

    public sealed record Expunged(ExpungedUids What) : EffectAnswer;

    /// <summary>Of the body without any prefix; null where the body is gone.</summary>
    public sealed record Structure(MessageStructure? Of) : EffectAnswer;

    /// <summary>In order; null where a body is gone.</summary>
    public sealed record Slices(ImmutableArray<ReadOnlyMemory<byte>?> Octets) : EffectAnswer;

    /// <summary>Octets of a decoded section, and whether one of them is NUL, which a plain literal cannot hold.</summary>
    public sealed record Measured(long Length, bool HasNul) : EffectAnswer;

    public sealed record Changed(ChangeResult Result) : EffectAnswer;

    /// <param name="HasEightBitHeader">The header holds octets beyond ASCII (RFC 6855 §4).</param>
    public sealed record BodyStored(BodyId Body, long Size, bool HasEightBitHeader = false) : EffectAnswer;

    public sealed record Annotations(ImmutableArray<Annotation> List) : EffectAnswer;

    public sealed record AnnotationsChanged(AnnotationNews What) : EffectAnswer;

    /// <summary>Null where the account is gone.</summary>
    public sealed record Quota(QuotaUsage? Usage) : EffectAnswer;
}
