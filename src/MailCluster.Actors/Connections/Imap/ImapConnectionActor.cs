using Akka.Actor;
using Akka.Event;
using MailCluster.Actors.Mailboxes;
using MailCluster.Imap;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>
/// One IMAP client. Reads go straight to the store; changes go through the account's Mailbox actor, which also tells what
/// others change. Notices may be lost when the Mailbox moves: the next one is asked for them again, and the session looks.
/// </summary>
public sealed partial class ImapConnectionActor : ConnectionActor
{
    private readonly ImapSession _session;
    private readonly ImapPeer _peer;
    private readonly ImapConnectionServices _services;
    private readonly ImapBackend _backend;
    private readonly BodySpooler _spooler;
    private readonly long _startedAt;
    private MailboxAsk? _asking;
    private long _requests;
    private bool _working;
    private bool _sending;
    private bool _noticed;
    private bool _stopRequested;

    public ImapConnectionActor(
        IMailTransport transport, ImapPeer peer, ImapOptions options, ImapConnectionServices services)
        : base(transport, services.Time)
    {
        _peer = peer;
        _services = services;
        _backend = new ImapBackend(services);
        _spooler = new BodySpooler(services.Spool, services.Partitions, services.Time);
        _session = new ImapSession(options, peer, services.Time) { ChannelBindings = transport.ChannelBindings };
        _startedAt = services.Time.GetTimestamp();
    }

    public static Props Props(
        IMailTransport transport, ImapPeer peer, ImapOptions options, ImapConnectionServices services) =>
        ConnectionFactory<ImapConnectionActor>.Props(() => new ImapConnectionActor(transport, peer, options, services));

    protected override TimeSpan ProgressTimeout =>
        _session is { State: not ImapState.NotAuthenticated } ? _services.IdleTimeout : _services.LoginTimeout;

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
        if (BringsBodies)
        {
            _spooler.Leave(); // the Mailbox is about to take them
        }

        _ = _spooler.ReleaseAsync();
        ReturnCompression();
        Log.Info(
            "IMAP session {SessionId} of {Peer} ended after {Seconds:0.000} s: login {Login}",
            _peer.SessionId, Transport.RemoteEndPoint, _services.Time.GetElapsedTime(_startedAt).TotalSeconds,
            _session.Login?.Address ?? "none");
        base.PostStop();
    }

    /// <summary>Octets that come in IDLE while changes are read wait for these, with the session.</summary>
    protected override void Run()
    {
        if (!_working)
        {
            Continue();
        }
    }

    private void Continue()
    {
        while (true)
        {
            _noticed &= _working; // what comes from here on, this round may miss
            _working = true;
            var effect = _session.Advance(ref Input, Transport.Output);
            if (effect is not SessionEffect.ReadMore)
            {
                CarryOut(effect);
                return;
            }

            _working = false;
            NoteAnswers();
            if (EndIfStopping())
            {
                return;
            }

            if (!(_noticed && _session.TellsAtOnce) && !TryReadMore())
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
                _sending = false;
                GoOn(carriedOut.Answer);
                return true;
            case SliceSent sent:
                _sending = false;
                OnSliceSent(sent.Whole);
                return true;
            case MailboxNotice notice:
                OnNotice(notice);
                return true;
            case MailboxChanged changed when changed.Request == _asking?.Request:
                OnChanged(new EffectAnswer.Changed(changed.Result));
                return true;
            case MailboxChangeFailed failed when failed.Request == _asking?.Request:
                OnChanged(EffectAnswer.StoreFailed.Instance);
                return true;
            case SwitchDue due:
                OnSwitchDue(due.Compresses);
                return true;
            case MailboxWatched watched:
                OnWatched(watched.Account);
                return true;
            case Terminated gone when _watches.ContainsValue(gone.ActorRef):
                OnMailboxGone(gone.ActorRef, gone.AddressTerminated);
                return true;
            case AskRetryDue:
                AskAgain();
                return true;
            case MailboxChanged or MailboxChangeFailed or Terminated:
                return true; // answers to a question that was asked twice, or given up
            default:
                return false;
        }
    }

    protected override void OnTlsEstablished()
    {
        _session.ChannelBindings = Transport.ChannelBindings;
        GoOn(EffectAnswer.Done.Instance);
    }

    protected override void OnSent()
    {
        if (_working || !EndIfStopping())
        {
            RunIfNoticed();
        }
    }

    protected override void OnHungUp(Exception? cause) => Close();

    protected override void OnTimeout()
    {
        if (_sending)
        {
            Transport.Abort();
        }
        else
        {
            _session.ShutDown(ImapShutdownReason.IdleTimeout, Transport.Output);
        }

        Close();
    }

    protected override void OnServiceStopping()
    {
        _stopRequested = true;
        if (!_working && !IsFlushing)
        {
            EndIfStopping();
        }
    }

    /// <summary>Between commands and in IDLE. A message that is on its way in is waited for, as a command under way is.</summary>
    private bool EndIfStopping()
    {
        if (!_stopRequested || _session.IsReceivingMessage)
        {
            return false;
        }

        _session.ShutDown(ImapShutdownReason.ServiceStopping, Transport.Output);
        Close();
        return true;
    }

    private AccountId Account => _session.Login?.Id ?? default;

    private void CarryOut(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.OpenFolder open:
                Watched(open, OwnerOf(open.Owner));
                break;
            case SessionEffect.WatchAccount watch:
                Watched(watch, Account);
                break;
            case SessionEffect.Change change:
                Ask(change);
                break;
            case SessionEffect.BeginBody:
                _spooler.Begin();
                GoOn(EffectAnswer.Done.Instance);
                break;
            case SessionEffect.WriteBody write:
                Answer(_spooler.WriteAsync(write.Octets, Stopping));
                break;
            case SessionEffect.CopyBody copy:
                Answer(_backend.CopyAsync(copy.Slice, _spooler, NoteProgress, Stopping));
                break;
            case SessionEffect.EndBody:
                Answer(_spooler.EndAsync(Stopping));
                break;
            case SessionEffect.DropBody:
                Answer(ReleaseAsync());
                break;
            case SessionEffect.Flush:
                _sending = true;
                Answer(FlushAsync());
                break;
            case SessionEffect.SendSlice send:
                _sending = true;
                _backend.SendAsync(send.Slice, Transport.Output, NoteProgress, Stopping)
                    .PipeTo(Self, success: whole => new SliceSent(whole), failure: e => new ConnectionBroken(e));
                break;
            case SessionEffect.SendDecoded send:
                _sending = true;
                _backend.SendDecodedAsync(send, Transport.Output, NoteProgress, Stopping)
                    .PipeTo(Self, success: whole => new SliceSent(whole), failure: e => new ConnectionBroken(e));
                break;
            case SessionEffect.StartTls:
                BeginTls();
                break;
            case SessionEffect.ReserveCompression:
                ReserveCompression();
                break;
            case SessionEffect.StartCompression:
                BeginSwitch(compresses: true);
                break;
            case SessionEffect.EndCompression:
                BeginSwitch(compresses: false);
                break;
            case SessionEffect.ForgetAccount:
                ForgetAccount();
                break;
            case SessionEffect.Close:
                Close();
                break;
            default:
                Answer(_backend.Answer(effect, Account, Stopping)
                    ?? throw new InvalidOperationException($"{effect.GetType()} is not known to the connection."));
                break;
        }
    }

    private void Answer(Task<EffectAnswer> answering) =>
        answering.PipeTo(Self, success: a => new EffectCarriedOut(a), failure: e => new ConnectionBroken(e));

    private async Task<EffectAnswer> FlushAsync()
    {
        await Transport.Output.FlushAsync(Stopping);
        return EffectAnswer.Done.Instance;
    }

    private async Task<EffectAnswer> ReleaseAsync()
    {
        await _spooler.ReleaseAsync();
        return EffectAnswer.Done.Instance;
    }

    private void GoOn(EffectAnswer answer)
    {
        NoteProgress();
        _session.Answer(answer);
        Continue();
    }

    /// <summary>A literal that is announced cannot be taken back: half of one ends the connection.</summary>
    private void OnSliceSent(bool whole)
    {
        if (whole)
        {
            GoOn(EffectAnswer.Done.Instance);
            return;
        }

        Log.Warning("IMAP session {SessionId}: a message could not be read to its end", _peer.SessionId);
        Transport.Abort();
        Close();
    }

    /// <summary>To itself: the answer to an effect.</summary>
    private sealed record EffectCarriedOut(EffectAnswer Answer) : IDeadLetterSuppression;

    /// <summary>To itself: a slice has gone out, or a part of it.</summary>
    private sealed record SliceSent(bool Whole) : IDeadLetterSuppression;
}
