using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using MailCluster.Imap.Commands;
using MailCluster.Imap.Framing;
using MailCluster.Imap.Responses;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// One IMAP session as a pure state machine (RFC 9051, RFC 3501): octets and notices in, responses and effects out. Commands
/// are carried out one behind the other, in the order in which they came. Never throws on any input; memory is bounded by
/// the options. Used by one caller at a time.
/// <code>
///   NotAuthenticated ──LOGIN, AUTHENTICATE──▶ Authenticated ◀──CLOSE / SELECT──▶ Selected ──LOGOUT──▶ Logout
/// </code>
/// </summary>
public sealed partial class ImapSession
{
    private readonly CommandFramer _framer;
    private readonly IEnumerator<SessionEffect> _running;
    private ReadOnlySequence<byte> _input;
    private EffectAnswer? _answer;
    private SessionEffect? _last;
    private CommandResult _result;
    private int _errors;
    private bool _closing;

    public ImapSession(ImapOptions options, ImapPeer peer, TimeProvider time)
    {
        Options = options;
        Time = time;
        IsSecure = peer.IsSecure;
        _framer = new CommandFramer(options.MaxLine, options.MaxCommand);
        _running = Serve().GetEnumerator();
    }

    public ImapState State { get; internal set; }

    public bool IsSecure { get; internal set; }

    /// <summary>Of the TLS that the connection is under; set by the host when that has begun.</summary>
    public ImmutableArray<ChannelBinding> ChannelBindings { get; set; } = [];

    /// <summary>Who is logged in, or null.</summary>
    public LoginAccount? Login { get; internal set; }

    /// <summary>Between commands, or in IDLE: a notice is told at once only in IDLE.</summary>
    public bool IsIdling { get; internal set; }

    /// <summary>An APPEND waits for more of its messages: it is under way, though the session waits for octets.</summary>
    public bool IsReceivingMessage { get; private set; }

    internal ImapOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ResponseWriter Out { get; } = new();

    internal Extensions Enabled { get; set; }

    internal SelectedFolder? Selected { get; set; }

    internal MeasuredSections Measured { get; } = new();

    /// <summary>Of the command under way.</summary>
    internal string Tag => _tag;

    internal bool PlaintextAllowed => IsSecure || Options.PlaintextAllowed;

    public void Greet(IBufferWriter<byte> output)
    {
        Out.Begin(output);
        Out.Text("* OK [CAPABILITY ").Text(Capabilities.Of(this)).Text("] ")
            .Text(Options.Hostname.ToString()).Line(" MailCluster ready").End();
    }

    /// <summary>Uses up what it can of the input and writes the responses, until it needs its host.</summary>
    public SessionEffect Advance(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        var isSent = _last is null or SessionEffect.ReadMore or SessionEffect.Flush or SessionEffect.SendSlice or SessionEffect.StartTls;
        Out.Begin(output, isSent ? 0 : Out.Pending);
        _input = input;
        _last = _running.MoveNext() ? _running.Current : SessionEffect.Close.Instance;
        Out.End();
        input = _input;
        _input = default;
        return _last;
    }

    /// <summary>The host carried out the last effect; goes into force with the next <see cref="Advance"/>.</summary>
    public void Answer(EffectAnswer answer) => _answer = answer;

    /// <summary>A folder has changed on whatever node; goes into force with the next <see cref="Advance"/>.</summary>
    public void Note(FolderId folder, long modseq)
    {
        if (Selected is { } selected && selected.Folder.Id == folder)
        {
            selected.NoticedModSeq = Math.Max(selected.NoticedModSeq, modseq);
            selected.Notices++;
        }

        LookAtAccount();
    }

    /// <summary>Notices may have been missed, since the account's writer was away.</summary>
    public void NoteUnknown()
    {
        if (Selected is { } selected)
        {
            selected.MustLook = true;
            selected.Notices++;
        }

        LookAtAccount();
    }

    /// <summary>The host ends the session, and closes the connection then.</summary>
    public void ShutDown(ImapShutdownReason reason, IBufferWriter<byte> output)
    {
        Out.Begin(output);
        State = ImapState.Logout;
        Out.Line(reason == ImapShutdownReason.IdleTimeout
            ? "* BYE Idle for too long"
            : "* BYE [UNAVAILABLE] Service stopping, come back at once").End();
        _closing = true;
    }

    /// <summary>The answer, where it is of the kind that was asked for; else the command has failed with a NO.</summary>
    internal bool Got<T>(out T answer)
        where T : EffectAnswer
    {
        var got = _answer;
        _answer = null;
        answer = (got as T)!;
        if (got is T)
        {
            return true;
        }

        No("Not possible at the moment, try again", Unavailable); // RFC 5530 §3
        return false;
    }

    internal void Ok(string text, string? code = null) => _result = new CommandResult("OK", text, code);

    internal void No(string text, string? code = null) => _result = new CommandResult("NO", text, code);

    internal void Bad(string text, string? code = null) => _result = new CommandResult("BAD", text, code);

    internal void Bye(string text)
    {
        Out.Text("* BYE ").Line(text);
        _closing = true;
    }

    /// <summary>BYE is said.</summary>
    internal bool IsClosing => _closing;

    /// <summary>After a tagged OK of LOGOUT, or instead of one.</summary>
    internal void Close() => _closing = true;

    private IEnumerable<SessionEffect> Serve()
    {
        var looked = false;
        while (!_closing)
        {
            if (Out.Pending > MaxPending)
            {
                yield return SessionEffect.Flush.Instance; // many commands came at once
                _answer = null;
            }

            var frame = _framer.Read(ref _input);
            switch (frame)
            {
                case FrameResult.NeedMore when !IsTooMuchBeforeLogin(0):
                    var looks = !looked;
                    looked = false;
                    foreach (var effect in looks ? TellBetweenCommands() : [])
                    {
                        looked = true; // octets may have come meanwhile
                        yield return effect;
                    }

                    if (!looked)
                    {
                        yield return SessionEffect.ReadMore.Instance;
                    }

                    break;
                case FrameResult.NeedMore or FrameResult.TooLong:
                    Bye("Line is too long");
                    break;
                case FrameResult.Literal:
                    foreach (var effect in OnLiteral())
                    {
                        yield return effect;
                    }

                    break;
                case FrameResult.Command:
                    foreach (var effect in Execute())
                    {
                        yield return effect;
                    }

                    break;
            }
        }

        State = ImapState.Logout;
        yield return SessionEffect.Close.Instance;
    }

    private IEnumerable<SessionEffect> Execute()
    {
        if (State == ImapState.NotAuthenticated && _framer.Text.IndexOf(" HTTP/"u8) >= 0)
        {
            Bye("This is not a web server");
            return [];
        }

        return RunTagged(CommandTable.Parse, isStreamed: false);
    }

    private delegate ImapCommand? Parser(ref SyntaxReader reader, ImapState state, out string error);

    private IEnumerable<SessionEffect> RunTagged(Parser parser, bool isStreamed)
    {
        if (!TakeTag(_framer.Text, out var tag, out var at))
        {
            return Refuse("*", "expected a tag and a command", isStreamed);
        }

        var reader = new SyntaxReader(_framer.Text[at..^2], Out.Utf8, Time.GetUtcNow());
        return parser(ref reader, State, out var error) is { } command
            ? Run(tag, command)
            : Refuse(tag, error, isStreamed);
    }

    private IEnumerable<SessionEffect> Refuse(string tag, string error, bool isStreamed)
    {
        if (isStreamed)
        {
            DropLiteral();
        }

        Complete(tag, new CommandResult("BAD", error));
        return [];
    }

    private IEnumerable<SessionEffect> Run(string tag, ImapCommand command)
    {
        if (!MayUse(tag, command))
        {
            yield break;
        }

        _result = new CommandResult("OK", "Done");
        _tag = tag;
        _isCompleted = false;
        IsReceivingMessage = command is AppendCommand;
        foreach (var effect in LookAtRights(command))
        {
            yield return effect;
        }

        if (_closing)
        {
            yield break;
        }

        foreach (var effect in Flushing(command.Run(this)))
        {
            yield return effect;
        }

        IsReceivingMessage = false;
        if (_isCompleted)
        {
            yield break;
        }

        var result = _result;
        foreach (var effect in Flushing(Synchronize(command.MayTellExpunged, command.LooksForChanges)))
        {
            yield return effect;
        }

        foreach (var effect in TellAccount(command.LooksForChanges))
        {
            yield return effect;
        }

        if (IsRev2 && result is { Status: "OK", Code: null } && Selected is { Unannounced.IsEmpty: false })
        {
            result = result with { Code = "EXPUNGEISSUED" }; // RFC 5530 §3: told when it may be
        }

        Complete(tag, WithSafeModSeq(result));
    }

    /// <summary>The host sends what is written before more is asked of it: what waits stays small.</summary>
    private IEnumerable<SessionEffect> Flushing(IEnumerable<SessionEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (Out.Pending > MaxPending && effect is not SessionEffect.Flush)
            {
                yield return SessionEffect.Flush.Instance;
                _answer = null;
            }

            yield return effect;
        }
    }

    private void Complete(string tag, CommandResult result)
    {
        Out.Text(tag).Text(" ").Text(result.Status).Text(" ");
        if (result.Code is { } code)
        {
            Out.Text("[").Text(code).Text("] ");
        }

        Out.HumanText(result.Text).Line();
        _errors = result.Status == "BAD" ? _errors + 1 : 0;
        if (_errors >= Options.MaxErrors)
        {
            Bye("Too many errors");
        }
    }

    private static bool TakeTag(ReadOnlySpan<byte> text, out string tag, out int length)
    {
        var space = text.IndexOf((byte)' ');
        length = space + 1;
        tag = "*";
        if (space is < 1 or > MaxTag || text[..space].ContainsAny(NoTagChars))
        {
            return false;
        }

        tag = Encoding.ASCII.GetString(text[..space]);
        return true;
    }

    /// <summary>RFC 9051 §9 sets no bound.</summary>
    private const int MaxTag = 100;

    /// <summary>Octets written before the host sends them.</summary>
    internal const int MaxPending = 64 * 1024;

    private static readonly SearchValues<byte> NoTagChars = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Select(i => (byte)i).Where(i => i is <= 0x20 or >= 0x7F || "(){%*\"\\+"u8.Contains(i))]);

    private readonly record struct CommandResult(string Status, string Text, string? Code = null);
}
