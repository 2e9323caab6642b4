using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using MailCluster.Actors.Connections;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;
using MailCluster.Queue;
using MailCluster.Smtp.Client;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Delivery;

/// <summary>
/// One connection to a next hop, used for many messages; child of its Destination, which gives it one attempt at a
/// time. Every recipient of an attempt gets exactly one outcome, whatever happens to the connection.
/// <code>
///   Greeting ──▶ Ready ◀──▶ Transaction
///                  └──idle, or used often enough──▶ Quitting
/// </code>
/// </summary>
public sealed class RelayConnectionActor : ConnectionActor
{
    private readonly SmtpClientSession _session;
    private readonly RelayHost _host;
    private readonly RelaySettings _settings;
    private readonly RelayContent _content;
    private AttemptDelivery? _attempt;
    private ReadOnlyMemory<byte>? _converted;
    private int _finished;
    private bool _wasReady;
    private bool _offered;
    private bool _quitting;
    private bool _failureTold;
    private bool _shakingHands;

    public RelayConnectionActor(
        IMailTransport transport, RelayHost host, SmtpClientOptions options, RelaySettings settings, ISpool spool,
        TimeProvider time)
        : base(transport, time)
    {
        _host = host;
        _settings = settings;
        _session = new SmtpClientSession(options);
        _content = new RelayContent(spool, settings.MaxConvertedSize);
    }

    public static Props Props(
        IMailTransport transport, RelayHost host, SmtpClientOptions options, RelaySettings settings, ISpool spool,
        TimeProvider time) =>
        ConnectionFactory<RelayConnectionActor>.Props(
            () => new RelayConnectionActor(transport, host, options, settings, spool, time));

    private bool IsIdle => _wasReady && _attempt is null && !_quitting;

    protected override TimeSpan ProgressTimeout => IsIdle ? _settings.IdleTimeout : _session.Timeout;

    protected override void PreStart()
    {
        base.PreStart();
        Run();
    }

    protected override void PostStop()
    {
        TellFailure(LostReply("connection ended"));
        base.PostStop();
    }

    protected override void Run()
    {
        while (true)
        {
            var unread = Input.Length;
            var effect = _session.Advance(ref Input, Transport.Output);
            if (Input.Length < unread)
            {
                NoteProgress(); // RFC 5321 §4.5.3.2: a time-out for each reply, not one for all of them
            }

            switch (effect)
            {
                case ClientEffect.ReadMore:
                    if (!TryReadMore())
                    {
                        return;
                    }

                    break;
                case ClientEffect.Ready:
                    OnReady();
                    if (!TryReadMore())
                    {
                        return;
                    }

                    break;
                case ClientEffect.TransactionFinished finished:
                    if (!TryFinish(finished.Result))
                    {
                        return;
                    }

                    break;
                case ClientEffect.SendContent send:
                    SendContent(send);
                    return;
                case ClientEffect.StartTls:
                    _shakingHands = true;
                    BeginTls();
                    return;
                case ClientEffect.Closed closed:
                    // Only a transient reply is fit for what is deferred: a server may have said anything before it went.
                    TellFailure(closed.Reply is { IsTransient: true } last ? last : LostReply(closed.Reason));
                    Close();
                    return;
            }
        }
    }

    protected override bool OnMessage(object message)
    {
        switch (message)
        {
            case StartTransaction start when IsIdle && _session.IsReady:
                Begin(start.Attempt, start.Attempt.BodyType, start.Attempt.Size);
                return true;
            case StartTransaction start:
                Context.Parent.Tell(new AttemptReturned(start.Attempt));
                return true;
            case ContentStreamed streamed:
                OnContentStreamed(streamed.Trouble);
                return true;
            case ContentConverted converted:
                OnConverted(converted);
                return true;
            default:
                return false;
        }
    }

    protected override void OnTlsEstablished()
    {
        _shakingHands = false;
        _session.TlsStarted();
        Run();
    }

    protected override void OnHungUp(Exception? cause)
    {
        _session.ConnectionLost(cause?.Message ?? "connection closed by the other side");
        Run();
    }

    protected override void OnTimeout()
    {
        if (IsIdle)
        {
            Quit();
            return;
        }

        Transport.Abort();
        OnHungUp(new TimeoutException($"timed out in {_session.Phase}"));
    }

    protected override void OnServiceStopping()
    {
        if (IsIdle)
        {
            Quit();
        }
    }

    private void OnReady()
    {
        if (_quitting || _offered || _attempt is not null)
        {
            return; // half a line, or the end of the stream, woke us
        }

        if (_finished >= _settings.MessagesPerConnection)
        {
            Quit();
        }
        else
        {
            NoteProgress();
            _wasReady = true;
            _offered = true;
            Context.Parent.Tell(new RelayReady(_host));
        }
    }

    private void Quit()
    {
        _quitting = true;
        NoteProgress();
        _session.Quit();
        Run();
    }

    private void Begin(AttemptDelivery attempt, BodyType bodyType, long size)
    {
        _attempt = attempt;
        _offered = false;
        NoteProgress();
        _session.Begin(new OutboundMessage
        {
            ReversePath = attempt.ReversePath,
            Recipients = ImmutableArray.CreateRange(
                attempt.Recipients, r => new OutboundRecipient(r.Path, r.Notify, r.OriginalRecipient)),
            BodyType = bodyType,
            Utf8 = attempt.Utf8,
            Return = attempt.Return,
            EnvelopeId = attempt.EnvelopeId,
            Size = size,
        });
        Run();
    }

    private void SendContent(ClientEffect.SendContent send)
    {
        var sending = _converted is { } converted
            ? RelayContent.SendAsync(converted, Transport.Output, NoteProgress, Stopping)
            : _content.SendAsync(_attempt!.QueueId.Body, send.Raw, Transport.Output, NoteProgress, Stopping);
        sending.PipeTo(Self, success: () => new ContentStreamed(null), failure: e => new ContentStreamed(e));
    }

    private void OnContentStreamed(Exception? trouble)
    {
        NoteProgress();
        if (trouble is null)
        {
            _session.ContentSent();
            Run();
        }
        else
        {
            // Half a message is on the wire: only an aborted connection keeps the other side from taking it for whole.
            Transport.Abort();
            OnHungUp(trouble);
        }
    }

    /// <summary>True where the session can go on; false where the content is being made fit for the next hop first.</summary>
    private bool TryFinish(TransactionResult result)
    {
        if (result.NeedsSevenBit && _converted is null)
        {
            _content.ConvertAsync(_attempt!.QueueId.Body, Stopping)
                .PipeTo(Self, success: octets => new ContentConverted(octets, null), failure: e => new ContentConverted(null, e));
            return false;
        }

        Finish(ImmutableArray.CreateRange(result.Recipients, ToOutcome));
        return true;
    }

    private void OnConverted(ContentConverted converted)
    {
        if (converted.Octets is { } octets)
        {
            _converted = octets;
            Begin(_attempt!, BodyType.SevenBit, octets.Length);
            return;
        }

        if (converted.Trouble is { } trouble)
        {
            Log.Error(trouble, "{QueueId} not converted for {Host}", _attempt!.QueueId, _host);
        }

        var result = converted.Trouble is null
            ? (OutcomeKind.Failed, ConversionImpossible)
            : (OutcomeKind.Deferred, ConversionTrouble);
        Finish(ImmutableArray.CreateRange(_attempt!.Recipients, _ => result));
        Run();
    }

    private void Finish(ImmutableArray<(OutcomeKind Kind, Reply Reply)> results)
    {
        var attempt = _attempt!;
        var outcomes = ImmutableArray.CreateBuilder<RecipientOutcome>(results.Length);
        for (var i = 0; i < results.Length; i++)
        {
            outcomes.Add(new RecipientOutcome(
                attempt.Recipients[i].Index, results[i].Kind, results[i].Reply, _host.ToString()));
        }

        _attempt = null;
        _converted = null;
        _finished++;
        Context.Parent.Tell(new AttemptFinished(attempt, outcomes.MoveToImmutable()));
    }

    private static (OutcomeKind Kind, Reply Reply) ToOutcome(RecipientResult result) => result switch
    {
        RecipientResult.Delivered { DsnPassedOn: true } delivered => (OutcomeKind.Delivered, delivered.Reply),
        RecipientResult.Delivered delivered => (OutcomeKind.Relayed, delivered.Reply),
        RecipientResult.Refused refused when refused.Reply.IsPermanent => (OutcomeKind.Failed, refused.Reply),
        _ => (OutcomeKind.Deferred, result.Reply),
    };

    private void TellFailure(Reply reply)
    {
        if (_failureTold)
        {
            return;
        }

        _failureTold = true;
        if (_attempt is { } attempt)
        {
            Finish(ImmutableArray.CreateRange(attempt.Recipients, _ => (OutcomeKind.Deferred, reply)));
        }

        Context.Parent.Tell(new RelayEnded(_host, _wasReady, _quitting, _shakingHands, reply));
    }

    private Reply LostReply(string reason) => new(
        ReplyCode.ServiceNotAvailable, EnhancedStatusCode.BadConnection, $"{_host}: {reason}");

    private static readonly Reply ConversionImpossible = new(
        ReplyCode.TransactionFailed, EnhancedStatusCode.ConversionRequired,
        "Next hop takes 7-bit mail only and the message cannot be converted");

    private static readonly Reply ConversionTrouble = new(
        ReplyCode.LocalError, EnhancedStatusCode.SystemNotAccepting, "Message store not available");

    /// <summary>To itself: the content is sent, or reading or sending it failed.</summary>
    private sealed record ContentStreamed(Exception? Trouble) : IDeadLetterSuppression;

    /// <summary>To itself: the content as 7-bit MIME, or null where that cannot be done, or went wrong this time.</summary>
    private sealed record ContentConverted(ReadOnlyMemory<byte>? Octets, Exception? Trouble) : IDeadLetterSuppression;
}
