using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>What the client was told of the account beside its selected mailbox. Used by one session.</summary>
internal sealed class AccountWatch(long annotationModSeq)
{
    private readonly HashSet<long> _own = [];

    /// <summary>All METADATA entries that changed up to this one are told.</summary>
    public long AnnotationModSeq { get; private set; } = annotationModSeq;

    /// <summary>As long as NOTIFY wants to hear of folders; null before.</summary>
    public FolderSnapshot? Folders { get; set; }

    /// <summary>There may be something to tell.</summary>
    public bool MustLook { get; set; }

    /// <summary>RFC 5464 §4.4: what the client did itself is not told.</summary>
    public void NoteOwn(AnnotationResult result) => _own.Add(result.ModSeq);

    /// <summary>What others did since; told with that.</summary>
    public List<ChangedAnnotation> Take(AnnotationNews news)
    {
        List<ChangedAnnotation> others = [.. news.Changed.Where(changed => !_own.Contains(changed.ModSeq))];
        AnnotationModSeq = news.ModSeq;
        _own.RemoveWhere(modseq => modseq <= news.ModSeq);
        return others;
    }
}
