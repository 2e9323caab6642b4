using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>
/// SEARCH, UID SEARCH (RFC 9051 §6.4.4), with ESEARCH (RFC 4731), SEARCHRES (RFC 5182), WITHIN (RFC 5032), PARTIAL
/// (RFC 9394), CONTEXT=SEARCH (RFC 5267).
/// </summary>
internal sealed record SearchCommand(ResultOptions Options, string? Charset, SearchKey Key, bool IsUid)
    : SearchingCommand(Options, Charset, Key, IsUid)
{
    public static ImapCommand Parse(ref SyntaxReader reader) => Parse(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Parse(ref reader, isUid: true);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (Charset is not null && session.Enabled.HasFlag(Extensions.Utf8Accept))
        {
            session.Bad("CHARSET is not for those who enabled UTF8=ACCEPT"); // RFC 6855 §3
            return [];
        }

        return base.Run(session);
    }

    protected override IEnumerable<SessionEffect> Tell(
        ImapSession session, SelectedFolder selected, UidSet found, CommandProgress progress)
    {
        // RFC 9051 §6.4.4: IMAP4rev2 knows the untagged SEARCH no longer.
        var asked = session.IsRev2 && Options.Return == SearchReturn.Classic
            ? this with { Options = Options with { Return = SearchReturn.All } }
            : this;
        return asked.Tell(session, selected, "SEARCH", new FoundMessages(found), []);
    }

    private static SearchCommand Parse(ref SyntaxReader reader, bool isUid)
    {
        reader.Space();
        var options = ResultOptions.TryParse(ref reader);
        string? charset = null;
        if (reader.TryWord("CHARSET"))
        {
            reader.Space();
            charset = reader.AString().ToUpperInvariant();
            reader.Space();
        }

        return new SearchCommand(options, charset, reader.SearchKeys(reader.Now), isUid);
    }
}
