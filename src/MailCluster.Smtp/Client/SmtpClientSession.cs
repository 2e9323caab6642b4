using System.Buffers;
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
    private bool _quitWanted;

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
    public bool IsReady => _stage == Stage.Ready && _pending is null;

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
            if (TakePending() is { } pending)
            {
                return pending;
            }

            if (_reader.TryRead(ref input, out var reply))
            {
                Handle(reply);
            }
            else if (_reader.IsBroken && _stage != Stage.Closed)
            {
                End("server does not speak SMTP", null);
            }
            else if (_stage == Stage.Closed)
            {
                return new ClientEffect.Closed("connection is closed", null);
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
        _secured = true;
        Capabilities = ServerCapabilities.None;
        _stage = Stage.Ehlo;
        _afterHandshake = true;
    }

    /// <summary>Begins a message; only when <see cref="IsReady"/>.</summary>
    public void Begin(OutboundMessage message)
    {
        if (!IsReady)
        {
            throw new InvalidOperationException("The session is not ready for a message.");
        }

        _begun = message;
        _stage = Stage.Mail;
    }

    /// <summary>The content, its end included, is sent.</summary>
    public void ContentSent() => _stage = Stage.ContentEnd;

    /// <summary>Says goodbye; only when <see cref="IsReady"/>.</summary>
    public void Quit()
    {
        _quitWanted = true;
        _stage = Stage.Quit;
    }

    /// <summary>Socket or host gave up: what was under way is answered as a transient failure.</summary>
    public void ConnectionLost(string reason)
    {
        if (_stage != Stage.Closed)
        {
            End(reason, null);
        }
    }

    /// <summary>What the host's last call left to do, then what is to be told.</summary>
    private ClientEffect? TakePending()
    {
        if (_afterHandshake)
        {
            _afterHandshake = false;
            Write($"EHLO {options.HeloName.ToAscii()}");
        }
        else if (_quitWanted)
        {
            _quitWanted = false;
            Write("QUIT");
        }
        else if (_begun is { } message)
        {
            _begun = null;
            BeginTransaction(message);
        }

        var pending = _pending ?? _closed;
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
            case Stage.ContentEnd:
                OnContentEnd(reply);
                break;
            case Stage.Rset:
                _stage = reply.Code.IsPositiveCompletion ? Stage.Ready : _stage;
                if (_stage == Stage.Rset)
                {
                    End("RSET refused", reply);
                }

                break;
            case Stage.Quit:
                End("goodbye", reply);
                break;
            default:
                // A reply that nobody asked for: from here on replies and commands do not match any more.
                End("unexpected reply", reply);
                break;
        }
    }

    /// <summary>The end of the session, and before it of the message that was under way.</summary>
    private void End(string reason, Reply? reply)
    {
        _stage = Stage.Closed;
        _closed = new ClientEffect.Closed(reason, reply);
        var transaction = _transaction ?? (_begun is null ? null : new OutboundTransaction(_begun));
        _transaction = null;
        _begun = null;
        if (transaction is not null)
        {
            var last = reply is { IsTransient: true }
                ? reply
                : new Reply(ReplyCode.ServiceNotAvailable, EnhancedStatusCode.BadConnection, $"Connection lost: {reason}");
            _pending = new ClientEffect.TransactionFinished(transaction.Finish(last, dsnPassedOn: false));
        }
    }

    private void Write(string line)
    {
        var span = _commands.GetSpan(System.Text.Encoding.UTF8.GetMaxByteCount(line.Length) + 2);
        var length = System.Text.Encoding.UTF8.GetBytes(line, span);
        "\r\n"u8.CopyTo(span[length..]);
        _commands.Advance(length + 2);
    }
}
