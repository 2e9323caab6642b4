using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>
/// Finds the messages of which a condition is so, condition by condition, each among those that the ones before it left:
/// cheap ones first. What the columns of the store say, sets of numbers and texts are answered by the store.
/// </summary>
internal sealed class SearchRun(ImapSession session, SelectedFolder selected)
{
    /// <summary>After <see cref="Find"/>, unless the command has failed.</summary>
    public UidSet Result { get; private set; } = UidSet.Empty;

    public static bool NamesModSeq(SearchKey key) => key switch
    {
        SearchKey.Columns columns => columns.NamesModSeq,
        SearchKey.Not not => NamesModSeq(not.Key),
        SearchKey.Or or => NamesModSeq(or.Left) || NamesModSeq(or.Right),
        SearchKey.And and => and.Keys.Any(NamesModSeq),
        _ => false,
    };

    /// <summary>How deep conditions nest is bounded by their parser.</summary>
    public IEnumerable<SessionEffect> Find(SearchKey key, UidSet among)
    {
        Result = UidSet.Empty;
        return among.IsEmpty ? [] : key switch
        {
            SearchKey.Columns columns => OfColumns(columns.Criteria with { Uids = among }, among),
            SearchKey.Numbers numbers => OfNumbers(numbers, among),
            SearchKey.Text text => OfText(text.Criterion, among),
            SearchKey.Sent sent => OfStructure(message => IsSent(message, sent), among),
            SearchKey.EmailId id => OfEmailId(id.Id, among),
            SearchKey.Not not => Not(not.Key, among),
            SearchKey.Or or => Or(or, among),
            SearchKey.And and => And(and, among),
            _ => [],
        };
    }

    /// <summary>After it: the highest MODSEQ of the messages, 0 where there is none. Page by page.</summary>
    public IEnumerable<SessionEffect> FindHighestModSeq(UidSet uids)
    {
        HighestModSeq = 0;
        for (var after = default(Uid); ;)
        {
            yield return new SessionEffect.Fetch(selected.Folder.Id, uids, FetchColumns.Short, after, ImapSession.PageSize);
            if (!session.Got(out EffectAnswer.Messages messages))
            {
                yield break;
            }

            HighestModSeq = messages.Page.Aggregate(HighestModSeq, (highest, message) => Math.Max(highest, message.ModSeq));
            if (messages.Page.Length < ImapSession.PageSize)
            {
                yield break;
            }

            after = messages.Page[^1].Uid;
        }
    }

    /// <summary>After <see cref="FindHighestModSeq"/>.</summary>
    public long HighestModSeq { get; private set; }

    private IEnumerable<SessionEffect> OfColumns(MessageCriteria criteria, UidSet among)
    {
        yield return new SessionEffect.FindUids(selected.Folder.Id, criteria);
        if (session.Got(out EffectAnswer.Uids found))
        {
            Result = found.Set.Intersect(among);
        }
    }

    private IEnumerable<SessionEffect> OfNumbers(SearchKey.Numbers numbers, UidSet among)
    {
        if (selected.Resolve(numbers.Set, numbers.IsUid) is { } uids)
        {
            Result = uids.Intersect(among);
        }
        else
        {
            session.Bad("No such message sequence number");
        }

        return [];
    }

    private IEnumerable<SessionEffect> OfText(TextCriterion criterion, UidSet among)
    {
        yield return new SessionEffect.FindText(selected.Folder.Id, among, criterion);
        if (session.Got(out EffectAnswer.Uids found))
        {
            Result = found.Set.Intersect(among);
        }
    }

    /// <summary>Page by page, so that no more of a large folder is in memory.</summary>
    private IEnumerable<SessionEffect> OfStructure(Func<MessageStructure, bool> isSo, UidSet among)
    {
        var found = new List<Uid>();
        for (var after = default(Uid); ;)
        {
            yield return new SessionEffect.Fetch(
                selected.Folder.Id, among, FetchColumns.Structure, after, ImapSession.StructurePageSize);
            if (!session.Got(out EffectAnswer.Messages messages))
            {
                yield break;
            }

            foreach (var message in messages.Page)
            {
                var structure = message.Structure is null ? null : StructureFormat.Read(message.Structure);
                if (structure is null)
                {
                    yield return new SessionEffect.ReadStructure(message.Body);
                    structure = session.Got(out EffectAnswer.Structure computed) ? computed.Of : null;
                }

                if (structure is not null && isSo(structure))
                {
                    found.Add(message.Uid);
                }
            }

            if (session.HasFailed || messages.Page.Length < ImapSession.StructurePageSize)
            {
                break;
            }

            after = messages.Page[^1].Uid;
        }

        Result = UidSet.Of(found);
    }

    private IEnumerable<SessionEffect> OfEmailId(string id, UidSet among)
    {
        var found = new List<Uid>();
        for (var after = default(Uid); ;)
        {
            yield return new SessionEffect.Fetch(selected.Folder.Id, among, FetchColumns.Short, after, ImapSession.PageSize);
            if (!session.Got(out EffectAnswer.Messages messages))
            {
                yield break;
            }

            found.AddRange(messages.Page.Where(message => "M" + message.Body == id).Select(message => message.Uid));
            if (messages.Page.Length < ImapSession.PageSize)
            {
                break;
            }

            after = messages.Page[^1].Uid;
        }

        Result = UidSet.Of(found);
    }

    private IEnumerable<SessionEffect> Not(SearchKey key, UidSet among)
    {
        foreach (var effect in Find(key, among))
        {
            yield return effect;
        }

        Result = among.Except(Result);
    }

    private IEnumerable<SessionEffect> Or(SearchKey.Or or, UidSet among)
    {
        foreach (var effect in Find(or.Left, among))
        {
            yield return effect;
        }

        var left = Result;
        foreach (var effect in Find(or.Right, among.Except(left)))
        {
            yield return effect;
        }

        Result = left.Union(Result);
    }

    private IEnumerable<SessionEffect> And(SearchKey.And and, UidSet among)
    {
        foreach (var key in and.Keys.OrderBy(Cost))
        {
            foreach (var effect in Find(key, among))
            {
                yield return effect;
            }

            among = Result;
        }
    }

    private static int Cost(SearchKey key) => key switch
    {
        SearchKey.Numbers or SearchKey.Never => 0,
        SearchKey.Columns => 1,
        SearchKey.Not not => Cost(not.Key),
        SearchKey.Or or => Math.Max(Cost(or.Left), Cost(or.Right)),
        SearchKey.And and => and.Keys.Max(Cost),
        SearchKey.EmailId => 2,
        SearchKey.Text => 3,
        _ => 4,
    };

    /// <summary>RFC 9051 §6.4.4: by the day that the field names, without regard to its zone.</summary>
    private static bool IsSent(MessageStructure structure, SearchKey.Sent sent) =>
        structure.SortKeys.SentAt is { } at
        && DateOnly.FromDateTime(at.DateTime) is var day && day >= sent.From && day < sent.Before;
}
