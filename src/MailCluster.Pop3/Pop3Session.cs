using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Sasl;
using MailCluster.Pop3.Commands;
using MailCluster.Pop3.Framing;

namespace MailCluster.Pop3;

/// <summary>
/// One POP3 session as a pure state machine (RFC 1939): octets in, responses and effects out, in the way of the SMTP
/// session. APOP is not offered: it needs the password itself, and only verifiers are kept. Never throws on any input;
/// memory is bounded. Used by one caller at a time.
/// <code>
///   Authorization ──login, maildrop locked──▶ Transaction ──QUIT──▶ Update ──▶ closed
/// </code>
/// </summary>
public sealed partial class Pop3Session
{
    private readonly Pop3Options _options;
    private readonly LineFramer _lines = new();
    private IBufferWriter<byte> _replies = null!;
    private Func<EffectAnswer, SessionEffect?>? _onAnswer;
    private EffectAnswer? _answer;
    private MaildropView? _maildrop;
    private int _errors;
    private bool _closing;

    public Pop3Session(Pop3Options options, Pop3Peer peer)
    {
        _options = options;
        IsSecure = peer.IsSecure;
    }

    public Pop3State State { get; private set; }

    /// <summary>Who is logged in, or null.</summary>
    public LoginAccount? Login { get; private set; }

    public bool IsSecure { get; private set; }

    /// <summary>Of the TLS that the connection is under; set by the host when that has begun.</summary>
    public ImmutableArray<ChannelBinding> ChannelBindings { get; set; } = [];

    /// <summary>Messages that were sent whole.</summary>
    public int RetrievedMessages { get; private set; }

    /// <summary>Messages that QUIT removed.</summary>
    public int DeletedMessages { get; private set; }

    public void Greet(IBufferWriter<byte> replies)
    {
        _replies = replies;
        Ok($"{_options.Hostname} POP3 MailCluster ready");
    }

    /// <summary>Uses up what it can of the input and writes the responses, until it needs its host.</summary>
    public SessionEffect Advance(ref ReadOnlySequence<byte> input, IBufferWriter<byte> replies)
    {
        _replies = replies;
        while (true)
        {
            if (_answer is null && _closing)
            {
                return SessionEffect.Close.Instance;
            }

            var effect = _answer is null ? Step(ref input) : TakeAnswer();
            if (effect is not null)
            {
                return effect;
            }
        }
    }

    /// <summary>The host carried out the last effect; goes into force with the next <see cref="Advance"/>.</summary>
    public void Answer(EffectAnswer answer) => _answer = answer;

    /// <summary>The host ends the session; nothing is removed. The host closes the connection then.</summary>
    public void ShutDown(Pop3ShutdownReason reason, IBufferWriter<byte> replies)
    {
        _replies = replies;
        _closing = true;
        Error(reason switch
        {
            Pop3ShutdownReason.IdleTimeout => "idle for too long",
            Pop3ShutdownReason.MaildropLost => "[SYS/TEMP] maildrop lock lost, nothing removed, log in again",
            _ => "[SYS/TEMP] service stopping",
        });
    }

    private SessionEffect? Step(ref ReadOnlySequence<byte> input)
    {
        var maxLength = _exchange is null ? _options.MaxCommandLine : _options.MaxAuthenticationLine;
        if (!_lines.TryRead(ref input, maxLength, out var line))
        {
            return SessionEffect.ReadMore.Instance;
        }

        if (line is null)
        {
            _exchange = null;
            return Refuse("line is too long, or not text");
        }

        if (_exchange is not null)
        {
            return ContinueAuthentication(line);
        }

        return line.Contains(" HTTP/", StringComparison.OrdinalIgnoreCase)
            ? Fatal("this is not a web server")
            : Handle(Pop3Command.Parse(line));
    }

    /// <summary>States down, commands across (RFC 1939 §4 to §6).</summary>
    private SessionEffect? Handle(Pop3Command command) => (State, command.Keyword) switch
    {
        (_, Keyword.Capa) => Capa(),
        (Pop3State.Authorization, Keyword.User) => User(command.Argument),
        (Pop3State.Authorization, Keyword.Pass) => Pass(command.Argument),
        (Pop3State.Authorization, Keyword.Auth) => Auth(command.Argument),
        (Pop3State.Authorization, Keyword.Stls) => Stls(),
        (Pop3State.Authorization, Keyword.Utf8) => Utf8(),
        (Pop3State.Authorization, Keyword.Quit) => Quit(),
        (Pop3State.Transaction, Keyword.Stat) => Stat(),
        (Pop3State.Transaction, Keyword.List) => List(command),
        (Pop3State.Transaction, Keyword.Uidl) => Uidl(command),
        (Pop3State.Transaction, Keyword.Retr) => Retr(command),
        (Pop3State.Transaction, Keyword.Top) => Top(command),
        (Pop3State.Transaction, Keyword.Dele) => Dele(command),
        (Pop3State.Transaction, Keyword.Noop) => Ok(""),
        (Pop3State.Transaction, Keyword.Rset) => Rset(),
        (Pop3State.Transaction, Keyword.Quit) => QuitAndRemove(),
        (_, Keyword.Unknown or Keyword.Apop) => Refuse("unknown command"),
        (Pop3State.Authorization, _) => Refuse("log in first"),
        _ => Refuse("not now"),
    };

    private SessionEffect Ask(SessionEffect effect, Func<EffectAnswer, SessionEffect?> onAnswer)
    {
        _onAnswer = onAnswer;
        return effect;
    }

    private SessionEffect? TakeAnswer()
    {
        var answer = _answer!;
        var onAnswer = _onAnswer;
        _answer = null;
        _onAnswer = null;
        return onAnswer?.Invoke(answer);
    }

    private SessionEffect? Ok(string text) => Line(text.Length == 0 ? "+OK" : $"+OK {text}");

    private SessionEffect? Error(string text) => Line($"-ERR {text}");

    /// <summary>The client's mistake; too many of them, and it is somebody who tries things out.</summary>
    private SessionEffect? Refuse(string text)
    {
        Error(text);
        return ++_errors >= _options.MaxErrors ? Fatal("too many errors") : null;
    }

    private SessionEffect Fatal(string text)
    {
        Error(text);
        _closing = true;
        return SessionEffect.Close.Instance;
    }

    private SessionEffect? Line(string text)
    {
        var span = _replies.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length) + 2);
        var length = Encoding.UTF8.GetBytes(text, span);
        "\r\n"u8.CopyTo(span[length..]);
        _replies.Advance(length + 2);
        return null;
    }

    private bool PlaintextAllowed => IsSecure || _options.PlaintextAllowed;

    private ImmutableArray<string> OfferedMechanisms() => SaslExchange.Offered(PlaintextAllowed, ChannelBindings);
}
