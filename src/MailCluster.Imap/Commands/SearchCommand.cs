using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>SEARCH, UID SEARCH (RFC 9051 §6.4.4), with ESEARCH (RFC 4731), SEARCHRES (RFC 5182), WITHIN (RFC 5032).</summary>
internal sealed record SearchCommand(SearchReturn Return, string? Charset, SearchKey Key, bool IsUid) : ImapCommand
{
    public override bool MayTellExpunged => IsUid;

    public static ImapCommand Parse(ref SyntaxReader reader) => Parse(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Parse(ref reader, isUid: true);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
        if (Charset is not (null or "UTF-8" or "US-ASCII"))
        {
            session.No("Charset is not supported", "BADCHARSET (UTF-8 US-ASCII)");
            yield break;
        }

        var search = new SearchRun(session, selected);
        foreach (var effect in search.Find(Key, selected.Numbers.Uids))
        {
            yield return effect;
        }

        if (session.HasFailed)
        {
            if (Return.HasFlag(SearchReturn.Save))
            {
                selected.Saved = UidSet.Empty; // RFC 5182 §2.1
            }

            yield break;
        }

        foreach (var effect in Tell(session, selected, search.Result))
        {
            yield return effect;
        }
    }

    private static SearchCommand Parse(ref SyntaxReader reader, bool isUid)
    {
        var asked = SearchReturn.Classic;
        reader.Space();
        if (reader.TryWord("RETURN"))
        {
            reader.Space();
            asked = SearchReturns.Parse(ref reader);
            reader.Space();
        }

        string? charset = null;
        if (reader.TryWord("CHARSET"))
        {
            reader.Space();
            charset = reader.AString().ToUpperInvariant();
            reader.Space();
        }

        return new SearchCommand(asked, charset, reader.SearchKeys(reader.Now), isUid);
    }

    private IEnumerable<SessionEffect> Tell(ImapSession session, SelectedFolder selected, UidSet found)
    {
        var modseq = 0L;
        if (SearchRun.NamesModSeq(Key) && !found.IsEmpty)
        {
            session.Enabled |= Extensions.Condstore;
            var search = new SearchRun(session, selected);
            foreach (var effect in search.FindHighestModSeq(Saved(found))) // RFC 4731 §3.2: of what MIN and MAX name
            {
                yield return effect;
            }

            if (session.HasFailed)
            {
                yield break;
            }

            modseq = search.HighestModSeq; // RFC 7162 §3.1.5
        }

        if (Return.HasFlag(SearchReturn.Save))
        {
            selected.Saved = Saved(found);
        }

        if (Return == SearchReturn.Classic)
        {
            TellClassic(session, selected, found, modseq);
        }
        else if (Return != SearchReturn.Save)
        {
            TellExtended(session, selected, found, modseq);
        }
    }

    /// <summary>RFC 5182 §2.4: with MIN or MAX alone only what they name is saved.</summary>
    private UidSet Saved(UidSet found)
    {
        if (found.IsEmpty || (Return & (SearchReturn.All | SearchReturn.Count)) != 0
            || (Return & (SearchReturn.Min | SearchReturn.Max)) == 0)
        {
            return found;
        }

        var (min, max) = (found.Ranges[0].First, found.Ranges[^1].Last);
        return UidSet.Of(
            new[] { min }.Where(_ => Return.HasFlag(SearchReturn.Min))
                .Concat(new[] { max }.Where(_ => Return.HasFlag(SearchReturn.Max))));
    }

    private void TellClassic(ImapSession session, SelectedFolder selected, UidSet found, long modseq)
    {
        session.Out.Text("* SEARCH");
        foreach (var uid in found.Uids())
        {
            session.Out.Text(" ").Number(IsUid ? uid.Value : selected.Numbers.NumberOf(uid));
        }

        session.Out.Line(modseq > 0 ? $" (MODSEQ {modseq})" : "");
    }

    private void TellExtended(ImapSession session, SelectedFolder selected, UidSet found, long modseq)
    {
        var output = session.Out;
        output.Text("* ESEARCH (TAG \"").Text(session.Tag).Text("\")").Text(IsUid ? " UID" : "");
        if (!found.IsEmpty)
        {
            var (min, max) = (found.Ranges[0].First, found.Ranges[^1].Last);
            if (Return.HasFlag(SearchReturn.Min))
            {
                output.Text(" MIN ").Number(IsUid ? min.Value : selected.Numbers.NumberOf(min));
            }

            if (Return.HasFlag(SearchReturn.Max))
            {
                output.Text(" MAX ").Number(IsUid ? max.Value : selected.Numbers.NumberOf(max));
            }

            if (Return.HasFlag(SearchReturn.All))
            {
                output.Text(" ALL ");
                _ = IsUid ? output.Uids(found) : output.Ranges(selected.Numbers.NumbersOf(found));
            }
        }

        if (Return.HasFlag(SearchReturn.Count))
        {
            output.Text(" COUNT ").Number(found.Count);
        }

        output.Line(modseq > 0 ? $" MODSEQ {modseq}" : "");
    }
}
