using MailCluster.Imap.Syntax;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>The selected mailbox as the client knows it.</summary>
internal sealed class SelectedFolder(OpenedFolder opened, bool isReadOnly)
{
    /// <summary>As of the last look.</summary>
    public Folder Folder { get; set; } = opened.Folder;

    public bool IsReadOnly => isReadOnly;

    /// <summary>0 for who is logged in.</summary>
    public AccountId Owner { get; init; }

    public MessageNumbers Numbers { get; } = new(opened.Uids);

    /// <summary>All changes up to this one are told, but for those that <see cref="Unannounced"/> holds.</summary>
    public long KnownModSeq { get; set; } = opened.Folder.HighestModSeq;

    /// <summary>Gone, but the client still counts them (RFC 9051 §7.5.1).</summary>
    public UidSet Unannounced { get; set; } = UidSet.Empty;

    /// <summary>
    /// A client that was told of all changes up to this one, and of none of those behind it, misses nothing when it comes
    /// again with it (RFC 7162 §3.2).
    /// </summary>
    public long SafeModSeq => Unannounced.IsEmpty ? KnownModSeq : HeldModSeq;

    /// <summary>Lower than the MODSEQ of all that <see cref="Unannounced"/> holds.</summary>
    public long HeldModSeq { get; set; }

    /// <summary>The highest MODSEQ that the client heard since the last tagged response.</summary>
    public long ToldModSeq { get; private set; }

    /// <summary>The highest MODSEQ that a notice told of.</summary>
    public long NoticedModSeq { get; set; }

    /// <summary>How many notices came: whether one more did, while the store was asked.</summary>
    public int Notices { get; set; }

    /// <summary>Messages that the client added itself, and that are not told yet.</summary>
    public UidSet Own { get; set; } = UidSet.Empty;

    /// <summary>There may be something to tell of which no notice came.</summary>
    public bool MustLook { get; set; }

    public bool HasNews => MustLook || NoticedModSeq > KnownModSeq;

    /// <summary>What a command found out about the set it works on; of no use after it.</summary>
    public UidSet? Narrowed { get; set; }

    /// <summary>RFC 5182: what "$" means.</summary>
    public UidSet Saved { get; set; } = UidSet.Empty;

    /// <summary>A message's MODSEQ is told: where it is a new one, there may be others before it that nobody told of.</summary>
    public void NoteTold(long modseq)
    {
        ToldModSeq = Math.Max(ToldModSeq, modseq);
        NoticedModSeq = Math.Max(NoticedModSeq, modseq);
    }

    /// <summary>The tagged response is at hand; returns whether the client must be held back from what it heard.</summary>
    public bool MustHoldBack()
    {
        var told = ToldModSeq;
        ToldModSeq = 0;
        return told > SafeModSeq;
    }

    /// <summary>Results that the client keeps (RFC 5267 §4.3).</summary>
    public List<SearchContext> Contexts { get; } = [];

    /// <summary>All changes up to this one are in the contexts.</summary>
    public long ContextModSeq { get; set; }

    public SessionEffect.Change Change(MailboxChange what) => new(what) { Owner = Owner };

    /// <summary>
    /// A change of this session is told: where nobody else changed anything before it, the client knows all there is, and
    /// need not be told again.
    /// </summary>
    public void NoteOwn(long before, long modseq)
    {
        if (before <= KnownModSeq)
        {
            KnownModSeq = Math.Max(KnownModSeq, modseq);
        }
        else
        {
            MustLook = true;
        }
    }

    /// <summary>
    /// The messages that a command names; null where a message sequence number is none (RFC 9051 §9: a BAD). UIDs that
    /// there are not name nothing.
    /// </summary>
    public UidSet? Resolve(NumberSet set, bool isUid)
    {
        if (set.IsSaved)
        {
            return Saved.Intersect(Numbers.Uids);
        }

        if (isUid)
        {
            return set.ToUids(Numbers.Last).Intersect(Numbers.Uids);
        }

        var numbers = set.ToNumbers((uint)Numbers.Count);
        return numbers.Exists(range => range.Low == 0 || range.High > Numbers.Count)
            ? null
            : UidSet.Of(numbers.SelectMany(range => Numbers.UidsOf((int)range.Low, (int)range.High)));
    }
}
