using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>What can be said of conditions without looking at messages.</summary>
internal static class SearchKeys
{
    /// <summary>
    /// The condition as it stays right: message sequence numbers and the saved result mean the messages that they mean now
    /// (RFC 5267 §4.3). How deep conditions nest is bounded by their parser.
    /// </summary>
    public static SearchKey Settled(this SearchKey key, SelectedFolder selected) => key switch
    {
        SearchKey.Numbers numbers when !numbers.IsUid || numbers.Set.IsSaved =>
            AsUids(selected.Resolve(numbers.Set, numbers.IsUid) ?? UidSet.Empty),
        SearchKey.Not not => new SearchKey.Not(not.Key.Settled(selected)),
        SearchKey.Or or => new SearchKey.Or(or.Left.Settled(selected), or.Right.Settled(selected)),
        SearchKey.And and => new SearchKey.And([.. and.Keys.Select(inner => inner.Settled(selected))]),
        _ => key,
    };

    private static SearchKey AsUids(UidSet uids) => uids.IsEmpty
        ? new SearchKey.Never()
        : new SearchKey.Numbers(
            new NumberSet([.. uids.Ranges.Select(range => new NumberRange(range.First.Value, range.Last.Value))]), IsUid: true);
}
