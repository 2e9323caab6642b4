using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>
/// Tells what SEARCH or SORT found: as the untagged response of the command, or as ESEARCH (RFC 4731, RFC 5267 §3). A long
/// result goes out piece by piece.
/// </summary>
/// <param name="name">Of the untagged response where no options were sent.</param>
internal sealed class ResultTeller(
    ImapSession session, SelectedFolder selected, ResultOptions options, bool isUid, string name)
{
    private readonly MessageNumbers? _numbers = isUid ? null : selected.Numbers;

    /// <param name="found">In the order in which it is told.</param>
    /// <param name="withModSeq">RFC 7162 §3.1.5: a condition named MODSEQ.</param>
    public IEnumerable<SessionEffect> Tell(FoundMessages found, bool withModSeq)
    {
        var modseq = 0L;
        if (withModSeq && !found.IsEmpty)
        {
            session.Enabled |= Extensions.Condstore;
            yield return new SessionEffect.FindModSeq(selected.Folder.Id, Named(found));
            if (!session.Got(out EffectAnswer.HighestModSeq highest))
            {
                yield break;
            }

            modseq = highest.ModSeq;
        }

        if (options.Has(SearchReturn.Save))
        {
            selected.Saved = Named(found);
        }

        var telling = options.Return switch
        {
            SearchReturn.Classic => Classic(found, modseq),
            SearchReturn.Save => [],
            _ => Extended(found, modseq),
        };
        foreach (var effect in telling)
        {
            yield return effect;
        }
    }

    /// <summary>
    /// Which messages are saved, and of which the highest MODSEQ is told: all, unless only some are named (RFC 5182 §2.4,
    /// RFC 7162 §3.1.10, RFC 9394 §3.2).
    /// </summary>
    private UidSet Named(FoundMessages found)
    {
        if (found.IsEmpty || options.Has(SearchReturn.All | SearchReturn.Count)
            || !options.Has(SearchReturn.Min | SearchReturn.Max | SearchReturn.Partial))
        {
            return found.Set;
        }

        var named = options.Has(SearchReturn.Partial) ? found.Uids(options.Part.Of(found.Count)) : [];
        named = options.Has(SearchReturn.Min) ? named.Append(found.At(1)) : named;
        return UidSet.Of((options.Has(SearchReturn.Max) ? named.Append(found.At(found.Count)) : named).Order());
    }

    private IEnumerable<SessionEffect> Classic(FoundMessages found, long modseq)
    {
        session.Out.Text("* ").Text(name);
        foreach (var uid in found.Uids(found.IsEmpty ? null : (1, found.Count)))
        {
            session.Out.Text(" ").Number(Shown(uid));
            if (session.Out.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
                session.Got(out EffectAnswer.Done _);
            }
        }

        session.Out.Line(modseq > 0 ? $" (MODSEQ {modseq})" : "");
    }

    private IEnumerable<SessionEffect> Extended(FoundMessages found, long modseq)
    {
        var output = session.Out;
        output.Text("* ESEARCH (TAG \"").Text(session.Tag).Text("\")").Text(isUid ? " UID" : "");
        if (!found.IsEmpty && options.Has(SearchReturn.Min))
        {
            output.Text(" MIN ").Number(Shown(found.At(1)));
        }

        if (!found.IsEmpty && options.Has(SearchReturn.Max))
        {
            output.Text(" MAX ").Number(Shown(found.At(found.Count)));
        }

        if (!found.IsEmpty && options.Has(SearchReturn.All))
        {
            output.Text(" ALL ");
            foreach (var effect in Set(found, (1, found.Count)))
            {
                yield return effect;
            }
        }

        if (options.Has(SearchReturn.Count))
        {
            output.Text(" COUNT ").Number(found.Count);
        }

        if (options.Has(SearchReturn.Partial))
        {
            output.Text(" PARTIAL (").Text(options.Part.ToString()).Text(" ");
            foreach (var effect in Set(found, options.Part.Of(found.Count)))
            {
                yield return effect;
            }

            output.Text(")");
        }

        output.Line(modseq > 0 ? $" MODSEQ {modseq}" : "");
    }

    /// <summary>A sequence-set, or NIL.</summary>
    private IEnumerable<SessionEffect> Set(FoundMessages found, (int First, int Last)? positions)
    {
        if (positions is not { } part)
        {
            session.Out.Text("NIL");
            yield break;
        }

        var separator = "";
        foreach (var range in found.Ranges(part, _numbers))
        {
            session.Out.Text(separator).Number(range.First);
            separator = ",";
            if (range.Last != range.First)
            {
                session.Out.Text(":").Number(range.Last);
            }

            if (session.Out.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
                session.Got(out EffectAnswer.Done _);
            }
        }
    }

    private long Shown(Uid uid) => isUid ? uid.Value : selected.Numbers.NumberOf(uid);
}
