using System.Buffers;
using System.Text;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>
/// One connection to a next hop as a pure state machine (RFC 5321): replies in, commands and effects out. Every message
/// that was begun ends in exactly one result for each of its recipients, whatever the server does. Never throws on any
/// input. Used by one caller at a time.
/// </summary>
public sealed partial class SmtpClientSession(SmtpClientOptions options)
{
    private readonly ReplyReader _reader = new();
    private IBufferWriter<byte> _commands = null!;
    private Stage _stage = Stage.Greeting;
    private OutboundTransaction? _transaction;
    private ClientEffect? _pending;
    private ClientEffect.Closed? _closed;
    private OutboundMessage? _begun;
    private bool _secured;
    private bool _afterHandshake;
    private bool _quitting;

    private enum Stage
    {
        Greeting,
        Ehlo,
        Helo,
        StartTls,
        Handshake,
        Auth,
        Ready,
        Mail,
        Rcpt,
        Data,
        Sending,
        ContentEnd,
        Rset,
        Quit,
        Closed,
    }

    /// <summary>A message may begin.</summary>
    public bool IsReady => _stage == Stage.Ready && _pending is null && !_quitting;

    public ServerCapabilities Capabilities { get; private set; } = ServerCapabilities.None;

    /// <summary>What is being waited for.</summary>
    public ClientPhase Phase => _stage switch
    {
        Stage.Greeting => ClientPhase.Greeting,
        Stage.Mail => ClientPhase.Mail,
        Stage.Rcpt => ClientPhase.Rcpt,
        Stage.Data => ClientPhase.DataInitiation,
        Stage.Sending => ClientPhase.DataBlock,
        Stage.ContentEnd => ClientPhase.DataTermination,
        _ => ClientPhase.Command,
    };

    /// <summary>How long the server may take for <see cref="Phase"/>.</summary>
    public TimeSpan Timeout => options.Timeouts.Of(Phase);

    /// <summary>Uses up replies, writes commands, until it needs its host.</summary>
    public ClientEffect Advance(ref ReadOnlySequence<byte> input, IBufferWriter<byte> commands)
    {
        _commands = commands;
        while (true)
        {
            WriteWhatIsWanted();
            if (TakePending() is { } pending)
            {
                // RFC 3207 §6: plaintext behind the reply to STARTTLS was never said by the one we shake hands with.
                input = pending is ClientEffect.StartTls ? input.Slice(input.End) : input;
                return pending;
            }

            if (_stage == Stage.Closed)
            {
                return new ClientEffect.Closed("connection is closed", null);
            }

            if (_reader.TryRead(ref input, out var reply))
            {
                Handle(reply);
            }
            else if (_reader.IsBroken)
            {
                Break("server does not speak SMTP", null);
            }
            else
            {
                return _stage == Stage.Ready ? ClientEffect.Ready.Instance : ClientEffect.ReadMore.Instance;
            }
        }
    }

    /// <summary>RFC 3207 §4.2: all that the server said before the handshake is forgotten.</summary>
    public void TlsStarted()
    {
        if (_stage == Stage.Handshake)
        {
            _secured = true;
            Capabilities = ServerCapabilities.None;
            _afterHandshake = true;
        }
    }

    /// <summary>The handshake failed, which ends the connection; whether to come again without TLS is the host's to say.</summary>
    public void TlsFailed(string reason)
    {
        if (_stage == Stage.Handshake)
        {
            End(reason, ClientReplies.NoTls);
        }
    }

    /// <summary>Begins a message; only when <see cref="IsReady"/>.</summary>
    public void Begin(OutboundMessage message)
    {
        if (!IsReady)
        {
            throw new InvalidOperationException("The session is not ready for a message.");
        }

        if (message.Recipients.IsDefaultOrEmpty)
        {
            throw new ArgumentException("The message has no recipients.", nameof(message));
        }

        _begun = message;
        _stage = Stage.Mail;
    }

    /// <summary>The content, its end included, is sent.</summary>
    public void ContentSent()
    {
        if (_stage == Stage.Sending)
        {
            _stage = Stage.ContentEnd;
        }
    }

    /// <summary>Says goodbye, as soon as no message is under way.</summary>
    public void Quit() => _quitting = true;

    /// <summary>Socket or host gave up: what was under way is answered as a transient failure.</summary>
    public void ConnectionLost(string reason)
    {
        if (_stage != Stage.Closed)
        {
            End(reason, null);
        }
    }

    /// <summary>What the host's last call left to do.</summary>
    private void WriteWhatIsWanted()
    {
        if (_afterHandshake)
        {
            _afterHandshake = false;
            WriteEhlo();
        }
        else if (_begun is { } message)
        {
            _begun = null;
            BeginTransaction(message);
        }
        else if (_quitting && _stage == Stage.Ready)
        {
            _stage = Stage.Quit;
            Write("QUIT");
        }
    }

    /// <summary>What is to be told: the end of a message before the end of the session.</summary>
    private ClientEffect? TakePending()
    {
        ClientEffect? pending = _pending ?? _closed;
        if (_pending is null)
        {
            _closed = null;
        }

        _pending = null;
        return pending;
    }

    private void Handle(Reply reply)
    {
        if (reply.Code == ReplyCode.ServiceNotAvailable && _stage != Stage.Quit)
        {
            // RFC 5321 §3.8: 421 may come to any command, and nothing comes after it.
            End(reply.Text, reply);
            return;
        }

        switch (_stage)
        {
            case Stage.Greeting:
                OnGreeting(reply);
                break;
            case Stage.Ehlo:
                OnEhlo(reply);
                break;
            case Stage.Helo:
                OnHelo(reply);
                break;
            case Stage.StartTls:
                OnStartTls(reply);
                break;
            case Stage.Auth:
                OnAuth(reply);
                break;
            case Stage.Mail:
                OnMail(reply);
                break;
            case Stage.Rcpt:
                OnRcpt(reply);
                break;
            case Stage.Data:
                OnData(reply);
                break;
            case Stage.Sending:
                // A server that has had enough says so and hangs up; half a message on the wire ends the connection.
                End("content refused on the way", reply, verdict: reply);
                break;
            case Stage.ContentEnd:
                OnContentEnd(reply);
                break;
            case Stage.Rset:
                OnRset(reply);
                break;
            case Stage.Quit:
                End("goodbye", reply);
                break;
            default:
                // A reply that nobody asked for: from here on replies and commands do not match any more.
                Break("unexpected reply", reply);
                break;
        }
    }

    /// <summary>The server broke the rules, so that nothing that it says can be trusted to mean what it seems to.</summary>
    private void Break(string what, Reply? reply) => End(what, reply, verdict: ClientReplies.ProtocolError(what));

    /// <summary>
    /// The end of the session, and before it of the message that was under way: with the verdict, else with what the
    /// server said if it is transient, else as a lost connection.
    /// </summary>
    private void End(string reason, Reply? reply, Reply? verdict = null)
    {
        _stage = Stage.Closed;
        _closed = new ClientEffect.Closed(reason, reply);
        _transaction ??= _begun is null ? null : new OutboundTransaction(_begun);
        _begun = null;
        _afterHandshake = false;
        if (_transaction is not null)
        {
            Fail(verdict ?? (reply is { IsTransient: true } ? reply : ClientReplies.ConnectionLost(reason)));
        }
    }

    private void Write(string line)
    {
        Encoding.UTF8.GetBytes(line, _commands);
        _commands.Write("\r\n"u8);
    }
}
