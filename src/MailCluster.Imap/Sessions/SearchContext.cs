using System.Collections.Immutable;
using MailCluster.Imap.Commands;
using MailCluster.Imap.Sorting;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// A SEARCH or SORT whose result the client keeps, and hears of when it changes (RFC 5267 §4.3): the result as the client
/// has it now. Used by one session.
/// </summary>
/// <param name="tag">Of the command.</param>
/// <param name="key">Without message sequence numbers: see <see cref="SearchKeys.Settled"/>.</param>
/// <param name="criteria">Empty for a SEARCH.</param>
internal sealed class SearchContext(
    string tag, bool isUid, SearchKey key, ImmutableArray<SortCriterion> criteria, FoundMessages found)
{
    public string Tag => tag;

    public bool IsUid => isUid;

    public SearchKey Key => key;

    public ImmutableArray<SortCriterion> Criteria => criteria;

    public bool IsSorted => !criteria.IsEmpty;

    public UidSet Found { get; private set; } = found.Set;

    /// <summary>The UIDs in the order of the SORT, else empty.</summary>
    public List<uint> Order { get; } = criteria.IsEmpty ? [] : [.. found.Uids(found.IsEmpty ? null : (1, found.Count)).Select(u => u.Value)];

    /// <summary>The client hears of all of them; returns where they were, the last first, so that none moves before its turn.</summary>
    public List<ContextChange> Remove(UidSet uids)
    {
        Found = Found.Except(uids);
        var gone = new List<ContextChange>();
        for (var i = Order.Count - 1; i >= 0; i--)
        {
            if (uids.Contains(new Uid(Order[i])))
            {
                gone.Add(new ContextChange(i + 1, new Uid(Order[i])));
            }
        }

        Order.RemoveAll(uid => uids.Contains(new Uid(uid)));
        return gone;
    }

    public void Add(UidSet uids) => Found = Found.Union(uids);
}

/// <param name="Position">From 1 on, in the result as it is when all changes before this one are made.</param>
internal readonly record struct ContextChange(int Position, Uid Uid);
