using System.Collections.Frozen;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>Commands, and the states in which each is right (RFC 9051 §6).</summary>
internal static class CommandTable
{
    private const States Any = States.NotAuthenticated | States.LoggedIn;

    private static readonly FrozenDictionary<string, Entry> Entries = new Dictionary<string, Entry>
    {
        ["CAPABILITY"] = new(Any, CapabilityCommand.Parse),
        ["NOOP"] = new(Any, NoopCommand.Parse),
        ["LOGOUT"] = new(Any, LogoutCommand.Parse),
        ["ID"] = new(Any, IdCommand.Parse),
        ["STARTTLS"] = new(States.NotAuthenticated, StartTlsCommand.Parse),
        ["AUTHENTICATE"] = new(States.NotAuthenticated, AuthenticateCommand.Parse),
        ["LOGIN"] = new(States.NotAuthenticated, LoginCommand.Parse),
        ["UNAUTHENTICATE"] = new(States.LoggedIn, UnauthenticateCommand.Parse),
        ["COMPRESS"] = new(States.LoggedIn, CompressCommand.Parse),
        ["ENABLE"] = new(States.LoggedIn, EnableCommand.Parse),
        ["SELECT"] = new(States.LoggedIn, SelectCommand.ParseSelect),
        ["EXAMINE"] = new(States.LoggedIn, SelectCommand.ParseExamine),
        ["CREATE"] = new(States.LoggedIn, CreateCommand.Parse),
        ["DELETE"] = new(States.LoggedIn, DeleteCommand.Parse),
        ["RENAME"] = new(States.LoggedIn, RenameCommand.Parse),
        ["SUBSCRIBE"] = new(States.LoggedIn, SubscribeCommand.ParseSubscribe),
        ["UNSUBSCRIBE"] = new(States.LoggedIn, SubscribeCommand.ParseUnsubscribe),
        ["LIST"] = new(States.LoggedIn, ListCommand.Parse),
        ["LSUB"] = new(States.LoggedIn, LsubCommand.Parse),
        ["NAMESPACE"] = new(States.LoggedIn, NamespaceCommand.Parse),
        ["STATUS"] = new(States.LoggedIn, StatusCommand.Parse),
        ["SETACL"] = new(States.LoggedIn, SetAclCommand.ParseSet),
        ["DELETEACL"] = new(States.LoggedIn, SetAclCommand.ParseDelete),
        ["GETACL"] = new(States.LoggedIn, GetAclCommand.Parse),
        ["LISTRIGHTS"] = new(States.LoggedIn, ListRightsCommand.Parse),
        ["MYRIGHTS"] = new(States.LoggedIn, MyRightsCommand.Parse),
        ["APPEND"] = new(States.LoggedIn, AppendCommand.Parse),
        ["GETQUOTA"] = new(States.LoggedIn, GetQuotaCommand.Parse),
        ["GETQUOTAROOT"] = new(States.LoggedIn, GetQuotaRootCommand.Parse),
        ["SETQUOTA"] = new(States.LoggedIn, SetQuotaCommand.Parse),
        ["GETMETADATA"] = new(States.LoggedIn, GetMetadataCommand.Parse),
        ["SETMETADATA"] = new(States.LoggedIn, SetMetadataCommand.Parse),
        ["NOTIFY"] = new(States.LoggedIn, NotifyCommand.Parse),
        ["IDLE"] = new(States.LoggedIn, IdleCommand.Parse),
        ["CHECK"] = new(States.Selected, NoopCommand.ParseCheck),
        ["CLOSE"] = new(States.Selected, CloseCommand.Parse),
        ["UNSELECT"] = new(States.Selected, CloseCommand.ParseUnselect),
        ["EXPUNGE"] = new(States.Selected, ExpungeCommand.Parse),
        ["FETCH"] = new(States.Selected, FetchCommand.Parse),
        ["STORE"] = new(States.Selected, StoreCommand.Parse),
        ["COPY"] = new(States.Selected, CopyCommand.Parse),
        ["MOVE"] = new(States.Selected, MoveCommand.Parse),
        ["SEARCH"] = new(States.Selected, SearchCommand.Parse),
        ["CANCELUPDATE"] = new(States.Selected, CancelUpdateCommand.Parse),
        ["SORT"] = new(States.Selected, SortCommand.Parse),
        ["THREAD"] = new(States.Selected, ThreadCommand.Parse),
        ["REPLACE"] = new(States.Selected, ReplaceCommand.Parse),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, CommandParser> ByUid = new Dictionary<string, CommandParser>
    {
        ["FETCH"] = FetchCommand.ParseUid,
        ["STORE"] = StoreCommand.ParseUid,
        ["COPY"] = CopyCommand.ParseUid,
        ["MOVE"] = MoveCommand.ParseUid,
        ["SEARCH"] = SearchCommand.ParseUid,
        ["SORT"] = SortCommand.ParseUid,
        ["THREAD"] = ThreadCommand.ParseUid,
        ["EXPUNGE"] = ExpungeCommand.ParseUid,
        ["REPLACE"] = ReplaceCommand.ParseUid,
    }.ToFrozenDictionary();

    public delegate ImapCommand CommandParser(ref SyntaxReader reader);

    [Flags]
    private enum States
    {
        NotAuthenticated = 1,
        Authenticated = 2,
        Selected = 4,
        LoggedIn = Authenticated | Selected,
    }

    /// <summary>The command, or null and why not: for a BAD.</summary>
    public static ImapCommand? Parse(ref SyntaxReader reader, ImapState state, out string error)
    {
        var name = reader.Keyword();
        if (name == "UID" && reader.Try(' '))
        {
            var verb = reader.Keyword();
            return ByUid.TryGetValue(verb, out var parser)
                ? Parse(ref reader, new Entry(States.Selected, parser), state, out error)
                : Unknown($"UID {verb}", out error);
        }

        return Entries.TryGetValue(name, out var entry)
            ? Parse(ref reader, entry, state, out error)
            : Unknown(name, out error);
    }

    private static ImapCommand? Parse(ref SyntaxReader reader, Entry entry, ImapState state, out string error)
    {
        if ((entry.States & Bit(state)) == 0)
        {
            error = state switch
            {
                ImapState.NotAuthenticated => "Log in first",
                ImapState.Authenticated when entry.States == States.Selected => "Select a mailbox first",
                _ => "Logged in already",
            };
            return null;
        }

        var command = entry.Parser(ref reader);
        reader.End();
        error = reader.Error ?? "";
        return reader.Error is null ? command with { IsOfSelected = entry.States == States.Selected } : null;
    }

    private static ImapCommand? Unknown(string name, out string error)
    {
        error = name.Length == 0 ? "expected a command" : "Unknown command";
        return null;
    }

    private static States Bit(ImapState state) => state switch
    {
        ImapState.NotAuthenticated => States.NotAuthenticated,
        ImapState.Authenticated => States.Authenticated,
        ImapState.Selected => States.Selected,
        _ => 0,
    };

    private readonly record struct Entry(States States, CommandParser Parser);
}
