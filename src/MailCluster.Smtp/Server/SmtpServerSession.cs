using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Replies;
using MailCluster.Mail.Sasl;
using MailCluster.Smtp.Commands;
using MailCluster.Smtp.Framing;

namespace MailCluster.Smtp.Server;

/// <summary>
/// One SMTP session as a pure state machine (RFC 5321): octets in, replies and effects out. The host feeds what it has
/// read to <see cref="Advance"/>, carries out the effect that comes back, gives the answer to <see cref="Answer"/>, and
/// so on. Never throws on any input; memory is bounded by the options. Used by one caller at a time.
/// </summary>
public sealed partial class SmtpServerSession
{
    private readonly SmtpServerOptions _options;
    private readonly SmtpPeer _peer;
    private readonly CommandParser _parser;
    private readonly LineFramer _lines = new();
    private IBufferWriter<byte> _replies = null!;
    private Func<EffectAnswer, SessionEffect?>? _onAnswer;
    private EffectAnswer? _answer;
    private MailTransaction? _transaction;
    private int _errors;
    private int _transactions;
    private bool _closing;
    private bool _sawCommand;

    public SmtpServerSession(SmtpServerOptions options, SmtpPeer peer)
    {
        _options = options;
        _peer = peer;
        _parser = new CommandParser(options.Hostname);
        IsSecure = peer.IsSecure;
    }

    public SessionState State { get; private set; }

    /// <summary>What HELO or EHLO said; null before.</summary>
    public string? HeloName { get; private set; }

    /// <summary>Who is logged in, or null.</summary>
    public LoginAccount? Login { get; private set; }

    public bool IsSecure { get; private set; }

    /// <summary>Of the TLS that the connection is under; set by the host when that has begun.</summary>
    public ImmutableArray<ChannelBinding> ChannelBindings { get; set; } = [];

    /// <summary>MAIL has been accepted and the message is neither accepted nor given up.</summary>
    public bool IsInTransaction => _transaction is not null;

    /// <summary>Of the transaction under way; null where there is none.</summary>
    public ReversePath? ReversePath => _transaction?.ReversePath;

    /// <summary>Octets that come now are content: another time-out holds (RFC 5321 §4.5.3.2).</summary>
    public bool IsReceivingContent => _content is not null;

    /// <summary>Messages that got their 250.</summary>
    public int AcceptedMessages { get; private set; }

    /// <summary>The last thing that was said, for logs.</summary>
    public Reply? LastReply { get; private set; }

    /// <summary>Writes the greeting (RFC 5321 §3.1).</summary>
    public void Greet(IBufferWriter<byte> replies) =>
        ReplyWriter.Write(new Reply(ReplyCode.ServiceReady, null, $"{_options.Hostname} {_options.Greeting}"), replies);

    /// <summary>
    /// Uses up what it can of the input and writes the replies, until it needs its host. The input is sliced to what is
    /// left.
    /// </summary>
    public SessionEffect Advance(ref ReadOnlySequence<byte> input, IBufferWriter<byte> replies)
    {
        _replies = replies;
        while (true)
        {
            if (_closing)
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

    /// <summary>
    /// The handshake after <see cref="SessionEffect.StartTls"/> is done. RFC 3207 §4.2: all that the client said before
    /// is forgotten.
    /// </summary>
    public void TlsStarted(string description)
    {
        _onAnswer = null;
        _answer = null;
        IsSecure = true;
        _tlsDescription = description;
        State = SessionState.Connected;
        HeloName = null;
        Login = null;
        _transaction = null;
    }

    /// <summary>The host ends the session: writes 421. The host closes the connection then.</summary>
    public void ShutDown(SmtpShutdownReason reason, IBufferWriter<byte> replies)
    {
        _closing = true;
        _replies = replies;
        Say(reason == SmtpShutdownReason.IdleTimeout ? SmtpReplies.IdleTimeout : SmtpReplies.ServiceStopping);
    }

    /// <summary>The next effect, or null where the session goes on by itself.</summary>
    private SessionEffect? Step(ref ReadOnlySequence<byte> input)
    {
        if (_content is not null)
        {
            return ReceiveContent(ref input);
        }

        if (!_lines.TryRead(ref input, _options.MaxAuthenticationLine, out var line, out var fault))
        {
            return SessionEffect.ReadMore.Instance;
        }

        var text = "";
        var faultReply = fault switch
        {
            LineFault.TooLong => SmtpReplies.LineTooLong,
            LineFault.BareLineEnd => SmtpReplies.BareLineEnd,
            _ => TryDecode(line, out text) ? null : SmtpReplies.NotUtf8,
        };
        if (faultReply is null)
        {
            return _exchange is null ? HandleLine(text, line.Length) : ContinueAuthentication(text);
        }

        return _exchange is null ? Refuse(faultReply) : EndAuthentication(faultReply);
    }

    private SessionEffect? HandleLine(string line, long octets)
    {
        if (!_sawCommand && LooksLikeHttp(line))
        {
            return Fatal(SmtpReplies.NotHttp);
        }

        _sawCommand = true;
        var parsed = _parser.Parse(line);
        // RFC 4954 §4: only AUTH with its initial response may be so long.
        if (octets > _options.MaxCommandLine - 2 && parsed.Command is not SmtpCommand.Auth)
        {
            return Refuse(SmtpReplies.LineTooLong);
        }

        if (parsed.Error is { } error)
        {
            return Refuse(error);
        }

        var command = parsed.Command!;
        if (CommandOrder.Check(State, command.Verb) is not { } outOfOrder)
        {
            return Handle(command);
        }

        return command is SmtpCommand.Bdat bdat ? DiscardChunk(bdat, outOfOrder) : Refuse(outOfOrder);
    }

    private SessionEffect? Handle(SmtpCommand command) => command switch
    {
        SmtpCommand.Mail mail => Mail(mail),
        SmtpCommand.Rcpt rcpt => Rcpt(rcpt),
        SmtpCommand.Bdat bdat => Bdat(bdat),
        SmtpCommand.Hello hello => Hello(hello),
        SmtpCommand.Auth auth => Auth(auth),
        _ => command.Verb switch
        {
            Verb.Data => Data(),
            Verb.Rset => Rset(),
            Verb.Noop => Say(SmtpReplies.Ok),
            Verb.Vrfy => Say(SmtpReplies.CannotVerify),
            Verb.Expn => Refuse(SmtpReplies.NoLists),
            Verb.Help => Say(SmtpReplies.Help),
            Verb.StartTls => StartTls(),
            _ => Quit(),
        },
    };

    /// <summary>Asks the host, and goes on with what it says.</summary>
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

    private SessionEffect? Say(Reply reply)
    {
        LastReply = reply;
        ReplyWriter.Write(reply, _replies);
        return null;
    }

    /// <summary>A refusal that was the client's mistake; too many of them, and it is somebody who tries things out.</summary>
    private SessionEffect? Refuse(Reply reply)
    {
        Say(reply);
        return ++_errors >= _options.MaxErrors ? Fatal(SmtpReplies.TooManyErrors) : null;
    }

    private SessionEffect Fatal(Reply reply)
    {
        Say(reply);
        _closing = true;
        return SessionEffect.Close.Instance;
    }

    private static bool TryDecode(in ReadOnlySequence<byte> line, out string text)
    {
        var octets = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        var valid = Utf8.IsValid(octets);
        text = valid ? Encoding.UTF8.GetString(octets) : "";
        return valid;
    }

    /// <summary>A browser that was made to send a form to our port: whatever follows, it is no mail.</summary>
    private static bool LooksLikeHttp(string line)
    {
        var method = line.AsSpan(0, Math.Max(line.IndexOf(' ', StringComparison.Ordinal), 0));
        return line.Contains(" HTTP/", StringComparison.OrdinalIgnoreCase)
            || method is "GET" or "POST" or "PUT" or "HEAD" or "DELETE" or "OPTIONS" or "PATCH" or "CONNECT" or "TRACE";
    }
}
