using System.Collections.Immutable;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;

namespace MailCluster.Imap.Commands;

/// <summary>A condition of SEARCH (RFC 9051 §6.4.4).</summary>
internal abstract record SearchKey
{
    private SearchKey()
    {
    }

    /// <summary>What the columns of the store answer.</summary>
    /// <param name="NamesModSeq">MODSEQ was sent, if only with a number that every message reaches.</param>
    public sealed record Columns(MessageCriteria Criteria, bool NamesModSeq = false) : SearchKey;

    public sealed record Numbers(NumberSet Set, bool IsUid) : SearchKey;

    /// <summary>What the text holds, in any case.</summary>
    public sealed record Text(TextCriterion Criterion) : SearchKey;

    /// <summary>The day of the Date field: from the first on, before the second.</summary>
    public sealed record Sent(DateOnly From, DateOnly Before) : SearchKey;

    /// <summary>RFC 8474 §6.</summary>
    public sealed record EmailId(string Id) : SearchKey;

    /// <summary>Nothing is so: what no message here can have.</summary>
    public sealed record Never : SearchKey;

    public sealed record Not(SearchKey Key) : SearchKey;

    public sealed record Or(SearchKey Left, SearchKey Right) : SearchKey;

    public sealed record And(ImmutableArray<SearchKey> Keys) : SearchKey;
}
