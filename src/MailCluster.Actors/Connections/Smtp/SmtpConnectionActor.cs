using Akka.Actor;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MailCluster.Queue;
using MailCluster.Smtp.Server;
using MailCluster.Storage;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Connections.Smtp;

/// <summary>
/// One SMTP client. The session decides, this carries out: asks the directory, fills the spool, and gives the message
/// to its queue partition. The one place where a message becomes ours is <see cref="OnEnqueued"/>: its 250 is written
/// there, after the body's commit and the partition's event, and nowhere else.
/// </summary>
public sealed partial class SmtpConnectionActor : ConnectionActor
{
    private readonly SmtpServerSession _session;
    private readonly SmtpPeer _peer;
    private readonly SmtpConnectionServices _services;
    private readonly SmtpConnectionTimeouts _timeouts;
    private readonly long _startedAt;
    private ISpoolWriter? _content;
    private QueueId _contentId;
    private EnqueueMessage? _enqueueing;
    private ICancelable? _enqueueRetry;
    private long _enqueueStartedAt;
    private bool _stopRequested;

    public SmtpConnectionActor(
        IMailTransport transport, SmtpPeer peer, SmtpServerOptions options, SmtpConnectionServices services,
        SmtpConnectionTimeouts timeouts)
        : base(transport, services.Time)
    {
        _peer = peer;
        _services = services;
        _timeouts = timeouts;
        _session = new SmtpServerSession(options, peer) { ChannelBindings = transport.ChannelBindings };
        _startedAt = services.Time.GetTimestamp();
    }

    public static Props Props(
        IMailTransport transport, SmtpPeer peer, SmtpServerOptions options, SmtpConnectionServices services,
        SmtpConnectionTimeouts timeouts) =>
        ConnectionFactory<SmtpConnectionActor>.Props(() => new SmtpConnectionActor(transport, peer, options, services, timeouts));

    protected override TimeSpan ProgressTimeout => _enqueueing is not null
        ? _timeouts.Enqueue + _timeouts.Command
        : _session.IsReceivingContent ? _timeouts.Content : _timeouts.Command;

    protected override void PreStart()
    {
        base.PreStart();
        _session.Greet(Transport.Output);
        if (TryReadMore())
        {
            Run();
        }
    }

    protected override void PostStop()
    {
        _enqueueRetry?.Cancel();
        DropContent();
        LogSessionEnded();
        base.PostStop();
    }

    protected override void Run()
    {
        while (true)
        {
            var effect = _session.Advance(ref Input, Transport.Output);
            if (effect is SessionEffect.ReadMore)
            {
                NoteAnswers();
                if (EndIfStopping() || !TryReadMore())
                {
                    return;
                }
            }
            else if (!TryCarryOut(effect))
            {
                return;
            }
        }
    }

    protected override bool OnMessage(object message)
    {
        switch (message)
        {
            case EffectCarriedOut carriedOut:
                GoOn(carriedOut.Answer);
                return true;
            case BodyCommitted committed when committed.QueueId == _enqueueing?.QueueId:
                Enqueue();
                return true;
            case EnqueueRetryDue due when due.QueueId == _enqueueing?.QueueId:
                RetryEnqueue();
                return true;
            case EnqueueRetryDue:
                return true;
            case IQueueAnswer answer:
                OnEnqueued(answer);
                return true;
            default:
                return false;
        }
    }

    protected override void OnTlsEstablished()
    {
        _session.ChannelBindings = Transport.ChannelBindings;
        _session.TlsStarted(Transport.TlsDescription ?? "TLS");
        Run();
    }

    protected override void OnHungUp(Exception? cause) => Close();

    protected override void OnTimeout()
    {
        // While the queue is asked the client waits for us: what takes too long then is answered by the retry's end.
        if (_enqueueing is null)
        {
            _session.ShutDown(SmtpShutdownReason.IdleTimeout, Transport.Output);
            Close();
        }
    }

    protected override void OnServiceStopping()
    {
        _stopRequested = true;
        if (!_session.IsInTransaction)
        {
            EndIfStopping();
        }
    }

    /// <summary>A transaction under way is let through to its end: the client would have to send it all again.</summary>
    private bool EndIfStopping()
    {
        if (!_stopRequested || _session.IsInTransaction)
        {
            return false;
        }

        _session.ShutDown(SmtpShutdownReason.ServiceStopping, Transport.Output);
        Close();
        return true;
    }

    /// <summary>True where the effect is done and the session can go on in this message.</summary>
    private bool TryCarryOut(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.OpenContent:
                _session.Answer(OpenContent());
                return true;
            case SessionEffect.WriteContent write:
                NoteProgress();
                return TryAnswer(WriteContentAsync(_content!, write.Octets));
            case SessionEffect.CheckSender check:
                return TryAnswer(_services.Backend.CheckSenderAsync(check.ReversePath, _session.Login, Stopping));
            case SessionEffect.CheckRecipient check:
                var mayRelay = _peer.MayRelay || _session.Login is not null;
                return TryAnswer(_services.Backend.CheckRecipientAsync(check.ForwardPath, mayRelay, Stopping));
            case SessionEffect.FindCredentials find:
                return TryAnswer(_services.Backend.FindCredentialsAsync(find.UserName, Stopping));
            case SessionEffect.CheckPassword check:
                return TryAnswer(_services.Backend.CheckPasswordAsync(check.UserName, check.Password, Stopping));
            case SessionEffect.AbandonContent:
                DropContent();
                _session.Answer(EffectAnswer.Done.Instance);
                return true;
            case SessionEffect.CommitMessage commit:
                CommitBody(commit.Envelope);
                return false;
            case SessionEffect.StartTls:
                BeginTls();
                return false;
            default:
                Close();
                return false;
        }
    }

    private bool TryAnswer(ValueTask<EffectAnswer> answering)
    {
        if (answering.IsCompletedSuccessfully)
        {
            NoteProgress();
            _session.Answer(answering.Result);
            return true;
        }

        answering.AsTask().PipeTo(Self, success: a => new EffectCarriedOut(a), failure: e => new ConnectionBroken(e));
        return false;
    }

    private void GoOn(EffectAnswer answer)
    {
        NoteProgress();
        _session.Answer(answer);
        Run();
    }

    private EffectAnswer.ContentOpened OpenContent()
    {
        var now = _services.Time.GetUtcNow();
        _contentId = QueueId.New(_services.Partitions.Next(), now);
        _content = _services.Backend.CreateBody(_contentId);
        return new EffectAnswer.ContentOpened(_contentId, now, Refusal: null);
    }

    private static ValueTask<EffectAnswer> WriteContentAsync(ISpoolWriter content, ReadOnlyMemory<byte> octets)
    {
        var writing = content.WriteAsync(octets, CancellationToken.None);
        return writing.IsCompletedSuccessfully
            ? ValueTask.FromResult<EffectAnswer>(EffectAnswer.Done.Instance)
            : AwaitAsync(writing);

        static async ValueTask<EffectAnswer> AwaitAsync(ValueTask writing)
        {
            try
            {
                await writing;
                return EffectAnswer.Done.Instance;
            }
            catch (StorageException trouble)
            {
                return new EffectAnswer.Verdict(StoreRefusal(trouble));
            }
        }
    }

    private void DropContent()
    {
        if (_content is { } content)
        {
            _content = null;
            _ = content.DisposeAsync().AsTask();
        }
    }

    private static Reply StoreRefusal(Exception trouble) => trouble is StorageException { IsFull: true }
        ? new Reply(ReplyCode.InsufficientStorage, EnhancedStatusCode.SystemFull, "Insufficient system storage")
        : new Reply(ReplyCode.LocalError, EnhancedStatusCode.SystemNotAccepting, "Message store not available");
}
