using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Sorting;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>What SEARCH, SORT and THREAD have in common: they find messages first, and then tell of them in their own way.</summary>
internal abstract record SearchingCommand(ResultOptions Options, string? Charset, SearchKey Key, bool IsUid) : ImapCommand
{
    public override bool MayTellExpunged => IsUid;

    public override bool UsesSequenceNumbers => !IsUid || SearchRun.NamesNumbers(Key);

    /// <summary>How often found messages are gone through after the search.</summary>
    protected virtual int Passes => 0;

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
        if (Options.Has(SearchReturn.Update) && selected.Contexts.Exists(context => context.Tag == session.Tag))
        {
            session.Bad("The tag is in use for updates"); // RFC 5267 §4.3
            yield break;
        }

        if (Charset is not (null or "UTF-8" or "US-ASCII"))
        {
            session.No("Charset is not supported", "BADCHARSET (UTF-8 US-ASCII)");
            yield break;
        }

        var progress = new CommandProgress(session, selected.Numbers.Count, SearchRun.Passes(Key) + Passes);
        var search = new SearchRun(session, selected, progress);
        foreach (var effect in search.Find(Key, selected.Numbers.Uids))
        {
            yield return effect;
        }

        if (!session.HasFailed)
        {
            foreach (var effect in Tell(session, selected, search.Result, progress))
            {
                yield return effect;
            }
        }

        if (session.HasFailed && Options.Has(SearchReturn.Save))
        {
            selected.Saved = UidSet.Empty; // RFC 5182 §2.1
        }
    }

    protected abstract IEnumerable<SessionEffect> Tell(
        ImapSession session, SelectedFolder selected, UidSet found, CommandProgress progress);

    /// <summary>Tells the result, and of its changes later on where that is asked for.</summary>
    protected IEnumerable<SessionEffect> Tell(
        ImapSession session, SelectedFolder selected, string name, FoundMessages found, ImmutableArray<SortCriterion> criteria)
    {
        var settled = Key.Settled(selected); // before SAVE changes what "$" means
        foreach (var effect in new ResultTeller(session, selected, Options, IsUid, name).Tell(found, SearchRun.NamesModSeq(Key)))
        {
            yield return effect;
        }

        if (Options.Has(SearchReturn.Update) && !session.HasFailed)
        {
            session.OpenContext(selected, new SearchContext(session.Tag, IsUid, settled, criteria, found));
        }
    }

    /// <summary>RFC 5256 §5, search-criteria: with SORT and THREAD the charset must come.</summary>
    protected static (string Charset, SearchKey Key) SearchCriteria(ref SyntaxReader reader)
    {
        var charset = reader.AString().ToUpperInvariant();
        reader.Space();
        return (charset, reader.SearchKeys(reader.Now));
    }
}
