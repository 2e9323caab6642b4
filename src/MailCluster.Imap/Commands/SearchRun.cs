using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>
/// Finds the messages of which a condition is so, condition by condition, each among those that the ones before it left:
/// cheap ones first. What the columns of the store say, sets of numbers and texts are answered by the store.
/// </summary>
internal sealed class SearchRun(ImapSession session, SelectedFolder selected, CommandProgress progress)
{
    /// <summary>Ranges of UIDs that the store is given.</summary>
    private const int MostRanges = 1_000;

    private readonly KeyReader _reader = new(session, selected, progress);

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

    /// <summary>How often the messages are gone through for it one by one, at most.</summary>
    public static int Passes(SearchKey key) => key switch
    {
        SearchKey.Sent or SearchKey.EmailId => 1,
        SearchKey.Not not => Passes(not.Key),
        SearchKey.Or or => Passes(or.Left) + Passes(or.Right),
        SearchKey.And and => and.Keys.Sum(Passes),
        _ => 0,
    };

    /// <summary>Message sequence numbers among the conditions; "$" stands for messages, not for numbers.</summary>
    public static bool NamesNumbers(SearchKey key) => key switch
    {
        SearchKey.Numbers numbers => !numbers.IsUid && !numbers.Set.IsSaved,
        SearchKey.Not not => NamesNumbers(not.Key),
        SearchKey.Or or => NamesNumbers(or.Left) || NamesNumbers(or.Right),
        SearchKey.And and => and.Keys.Any(NamesNumbers),
        _ => false,
    };

    /// <summary>How deep conditions nest is bounded by their parser.</summary>
    public IEnumerable<SessionEffect> Find(SearchKey key, UidSet among)
    {
        Result = UidSet.Empty;
        return among.IsEmpty ? [] : key switch
        {
            SearchKey.Columns columns => OfColumns(columns.Criteria, among),
            SearchKey.Numbers numbers => OfNumbers(numbers, among),
            SearchKey.Text text => OfText(text.Criterion, among),
            SearchKey.Sent sent => OfMessages(needsStructure: true, (_, keys) => IsSent(keys, sent), among),
            SearchKey.EmailId id => OfMessages(needsStructure: false, (message, _) => "M" + message.Body == id.Id, among),
            SearchKey.Not not => Not(not.Key, among),
            SearchKey.Or or => Or(or, among),
            SearchKey.And and => And(and, among),
            _ => [],
        };
    }

    private IEnumerable<SessionEffect> OfColumns(MessageCriteria criteria, UidSet among)
    {
        // Of a set in many pieces the store is told the ends, and what it finds between the pieces is left out below.
        var asked = among.Ranges.Length <= MostRanges
            ? among
            : UidSet.Of(new UidRange(among.Ranges[0].First, among.Ranges[^1].Last));
        yield return new SessionEffect.FindUids(selected.Folder.Id, criteria with { Uids = asked });
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

    private IEnumerable<SessionEffect> OfMessages(
        bool needsStructure, Func<FetchedMessage, MessageSortKeys, bool> isSo, UidSet among)
    {
        var found = new List<Uid>();
        foreach (var effect in _reader.Read(among, needsStructure, Take))
        {
            yield return effect;
        }

        Result = UidSet.Of(found);

        bool Take(FetchedMessage message, MessageSortKeys keys)
        {
            if (isSo(message, keys))
            {
                found.Add(message.Uid);
            }

            return true;
        }
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
    private static bool IsSent(MessageSortKeys keys, SearchKey.Sent sent) =>
        keys.SentAt is { } at
        && DateOnly.FromDateTime(at.DateTime) is var day && day >= sent.From && day < sent.Before;
}
