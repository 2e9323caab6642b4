using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Sorting;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>SORT, UID SORT (RFC 5256 §3), with SORT=DISPLAY (RFC 5957), with ESORT (RFC 5267 §3), CONTEXT=SORT (§4).</summary>
internal sealed record SortCommand(
    ResultOptions Options, ImmutableArray<SortCriterion> Criteria, string? Charset, SearchKey Key, bool IsUid)
    : SearchingCommand(Options, Charset, Key, IsUid)
{
    protected override int Passes => 1;

    public static ImapCommand Parse(ref SyntaxReader reader) => Parse(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Parse(ref reader, isUid: true);

    protected override IEnumerable<SessionEffect> Tell(
        ImapSession session, SelectedFolder selected, UidSet found, CommandProgress progress)
    {
        var sort = new SortRun(session, selected, Criteria, progress);
        foreach (var effect in sort.Sort(found))
        {
            yield return effect;
        }

        if (session.HasFailed)
        {
            yield break;
        }

        foreach (var effect in Tell(session, selected, "SORT", new FoundMessages(sort.Order), Criteria))
        {
            yield return effect;
        }
    }

    private static SortCommand Parse(ref SyntaxReader reader, bool isUid)
    {
        reader.Space();
        var options = ResultOptions.TryParse(ref reader);
        var criteria = SortCriterion.ParseList(ref reader);
        reader.Space();
        var (charset, key) = SearchCriteria(ref reader);
        return new SortCommand(options, criteria, charset, key, isUid);
    }
}
