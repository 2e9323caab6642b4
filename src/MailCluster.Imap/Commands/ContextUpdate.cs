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

        Remove(changed.Except(search.Result));
        var added = search.Result.Except(context.Found);
        var adding = !context.IsSorted ? Add(added) : added.Count <= MostPlaced ? Place(added) : SortAgain(added);
        foreach (var effect in adding)
        {
            yield return effect;
        }
    }

    /// <summary>Those of the set that the result holds.</summary>
    public void Remove(UidSet uids)
    {
        var gone = uids.Intersect(context.Found);
        if (gone.IsEmpty)
        {
            return;
        }

        var places = context.Remove(gone);
        Begin();
        if (context.IsSorted)
        {
            Tell("REMOVEFROM", places);
        }
        else
        {
            Tell("REMOVEFROM", gone);
        }

        session.Out.Line();
    }

    private IEnumerable<SessionEffect> Add(UidSet added)
    {
        if (!added.IsEmpty)
        {
            context.Add(added);
            Begin();
            Tell("ADDTO", added);
            session.Out.Line();
        }

        return [];
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

        TellAdded(places);
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
        Remove(context.Found.Except(UidSet.Of(sort.Order.Order().Select(uid => new Uid(uid)))));
        var places = sort.Order.Select((uid, i) => new ContextChange(i + 1, new Uid(uid)))
            .Where(place => added.Contains(place.Uid)).ToList();
        context.Order.Clear();
        context.Order.AddRange(sort.Order);
        context.Add(UidSet.Of(places.Select(place => place.Uid).Order()));
        TellAdded(places);
    }

    private void TellAdded(List<ContextChange> places)
    {
        if (places.Count > 0)
        {
            Begin();
            Tell("ADDTO", places);
            session.Out.Line();
        }
    }

    private void Begin() =>
        session.Out.Text("* ESEARCH (TAG \"").Text(context.Tag).Text("\")").Text(context.IsUid ? " UID" : "");

    /// <summary>RFC 5267 §4.3.3: position 0 leaves it to the client to keep the order of the mailbox.</summary>
    private void Tell(string item, UidSet uids)
    {
        session.Out.Text(" ").Text(item).Text(" (0 ");
        _ = context.IsUid ? session.Out.Uids(uids) : session.Out.Ranges(selected.Numbers.NumbersOf(uids));
        session.Out.Text(")");
    }

    private void Tell(string item, List<ContextChange> places)
    {
        session.Out.Text(" ").Text(item).Text(" (");
        for (var i = 0; i < places.Count; i++)
        {
            var uid = places[i].Uid;
            session.Out.Text(i == 0 ? "" : " ").Number(places[i].Position).Text(" ")
                .Number(context.IsUid ? uid.Value : selected.Numbers.NumberOf(uid));
        }

        session.Out.Text(")");
    }
}
