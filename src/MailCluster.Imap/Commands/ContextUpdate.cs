using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>
/// Brings one context up to date and tells how (RFC 5267 §4.3.2). Only what changed is searched again: whether a condition
/// is so of a message depends on that message alone.
/// </summary>
internal sealed class ContextUpdate(ImapSession session, SelectedFolder selected, SearchContext context)
{
    /// <summary>More messages than these are not put in their place one by one: the whole result is sorted again.</summary>
    private const int MostPlaced = 100;

    private readonly CommandProgress _progress =
        new(session, selected.Numbers.Count, SearchRun.Passes(context.Key) + 1);

    public IEnumerable<SessionEffect> Run(UidSet changed)
    {
        var search = new SearchRun(session, selected, _progress);
        foreach (var effect in search.Find(context.Key, changed))
        {
            yield return effect;
        }

        if (session.HasFailed)
        {
            yield break;
        }

        foreach (var effect in Removing(changed.Except(search.Result)).Concat(Adding(search.Result.Except(context.Found))))
        {
            yield return effect;
        }
    }

    /// <summary>
    /// Takes away those of the set that the result holds, and tells so. There is nothing to wait for: effects are only there
    /// to send what is written, where it is much.
    /// </summary>
    public IEnumerable<SessionEffect> Removing(UidSet uids)
    {
        var gone = uids.Intersect(context.Found);
        if (gone.IsEmpty)
        {
            return [];
        }

        var places = context.Remove(gone);
        return context.IsSorted ? Tell("REMOVEFROM", places) : Tell("REMOVEFROM", gone);
    }

    private IEnumerable<SessionEffect> Adding(UidSet added)
    {
        if (context.IsSorted)
        {
            return added.Count <= MostPlaced ? Place(added) : SortAgain(added);
        }

        context.Add(added);
        return Tell("ADDTO", added);
    }

    private IEnumerable<SessionEffect> Place(UidSet added)
    {
        var places = new List<ContextChange>();
        var sort = new SortRun(session, selected, context.Criteria, _progress);
        foreach (var uid in added.Uids())
        {
            foreach (var effect in sort.Place(context.Order, uid))
            {
                yield return effect;
            }

            if (session.HasFailed)
            {
                break; // those before it are in their place, and told
            }

            context.Order.Insert(sort.Found, uid.Value);
            context.Add(UidSet.Of(new UidRange(uid, uid)));
            places.Add(new ContextChange(sort.Found + 1, uid));
        }

        foreach (var effect in Tell("ADDTO", places))
        {
            yield return effect;
        }
    }

    private IEnumerable<SessionEffect> SortAgain(UidSet added)
    {
        var sort = new SortRun(session, selected, context.Criteria, _progress);
        foreach (var effect in sort.Sort(context.Found.Union(added)))
        {
            yield return effect;
        }

        if (session.HasFailed)
        {
            yield break;
        }

        // What was not there to be sorted is expunged, and the client may hear of it now already.
        var lost = context.Found.Except(UidSet.Of(sort.Order.Order().Select(uid => new Uid(uid))));
        foreach (var effect in Removing(lost))
        {
            yield return effect;
        }

        var places = sort.Order.Select((uid, i) => new ContextChange(i + 1, new Uid(uid)))
            .Where(place => added.Contains(place.Uid)).ToList();
        context.Order.Clear();
        context.Order.AddRange(sort.Order);
        context.Add(UidSet.Of(places.Select(place => place.Uid).Order()));
        foreach (var effect in Tell("ADDTO", places))
        {
            yield return effect;
        }
    }

    /// <summary>RFC 5267 §4.3.3: position 0 leaves it to the client to keep the order of the mailbox.</summary>
    private IEnumerable<SessionEffect> Tell(string item, UidSet uids)
    {
        var ranges = context.IsUid
            ? uids.Ranges.Select(range => (range.First.Value, range.Last.Value))
            : selected.Numbers.NumbersOf(uids);
        return Tell(item, ranges, some => session.Out.Text("0 ").Ranges(some));
    }

    private IEnumerable<SessionEffect> Tell(string item, List<ContextChange> places) => Tell(item, places, some =>
    {
        var separator = "";
        foreach (var (position, uid) in some)
        {
            session.Out.Text(separator).Number(position).Text(" ")
                .Number(context.IsUid ? uid.Value : selected.Numbers.NumberOf(uid));
            separator = " ";
        }
    });

    /// <summary>One response for each page of changes: lines that clients can read, and a buffer that is sent in between.</summary>
    private IEnumerable<SessionEffect> Tell<T>(string item, IEnumerable<T> changes, Action<T[]> write)
    {
        foreach (var some in changes.Chunk(ImapSession.PageSize))
        {
            session.Out.Text("* ESEARCH (TAG \"").Text(context.Tag).Text("\")").Text(context.IsUid ? " UID " : " ")
                .Text(item).Text(" (");
            write(some);
            session.Out.Line(")");
            if (session.Out.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
            }
        }
    }
}
