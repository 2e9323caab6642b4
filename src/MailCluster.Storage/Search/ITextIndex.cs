using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;

namespace MailCluster.Storage.Search;

/// <summary>
/// The texts of bodies, for SEARCH. A body is indexed once, some time after it came, and its text goes together with its
/// last message. Safe for any number of threads and nodes: what is indexed twice is there once.
/// </summary>
/// <exception cref="StorageException">Every member: the database failed, nothing was changed.</exception>
public interface ITextIndex
{
    /// <summary>Keeps the texts in one transaction; nothing where a text is there, or no message has the body.</summary>
    Task WriteAsync(IReadOnlyList<IndexedText> texts, CancellationToken cancellation);

    /// <summary>
    /// Which messages of the folder have the text, in their body or in what stands before it: as
    /// <see cref="TextCriterion.Matches"/> says of either.
    /// </summary>
    Task<TextMatches> FindAsync(FolderId folder, UidSet uids, TextCriterion criterion, CancellationToken cancellation);

    /// <summary>
    /// Looks at up to <paramref name="limit"/> bodies behind <paramref name="after"/>, and removes texts that a race
    /// between two nodes has left behind without a message.
    /// </summary>
    Task<UnindexedBodies> ListNotIndexedAsync(BodyId after, int limit, CancellationToken cancellation);

    /// <summary>How the database finds a text, for the log.</summary>
    Task<TextIndexKind> GetKindAsync(CancellationToken cancellation);
}

public sealed record IndexedText(BodyId Body, SearchableText Text);

/// <param name="Matching">Those that are known to match.</param>
/// <param name="NotIndexed">Those whose body must be read to know it.</param>
public sealed record TextMatches(UidSet Matching, UidSet NotIndexed);

/// <param name="Bodies">Bodies of messages that are not indexed.</param>
/// <param name="Next">Where to go on, null at the end.</param>
public sealed record UnindexedBodies(ImmutableArray<BodyId> Bodies, BodyId? Next);

public enum TextIndexKind
{
    /// <summary>An index of trigrams: rare texts are found at once.</summary>
    Trigrams,

    /// <summary>None: each search reads the texts of its folder.</summary>
    None,
}
