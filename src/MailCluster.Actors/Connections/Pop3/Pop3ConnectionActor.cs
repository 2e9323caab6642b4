using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Event;
using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Pop3;
using MailCluster.Storage;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Connections.Pop3;

/// <summary>
/// One POP3 client. Reads go straight to the store; the lock and the removal of messages go through the account's
/// Mailbox actor, asked again until it answers.
/// </summary>
public sealed class Pop3ConnectionActor : ConnectionActor
{
    private readonly Pop3Session _session;
    private readonly Pop3Peer _peer;
    private readonly Pop3ConnectionServices _services;
    private readonly long _startedAt;
    private IWithAccount? _asking;
    private ICancelable? _askRetry;
    private long _askStartedAt;
    private bool _sending;
    private bool _listing;
    private bool _stopRequested;
    private IActorRef? _lockedBy;
    private bool _lockLost;

    public Pop3ConnectionActor(
        IMailTransport transport, Pop3Peer peer, Pop3Options options, Pop3ConnectionServices services)
        : base(transport, services.Time)
    {
        _peer = peer;
        _services = services;
        _session = new Pop3Session(options, peer) { ChannelBindings = transport.ChannelBindings };
        _startedAt = services.Time.GetTimestamp();
    }

    public static Props Props(
        IMailTransport transport, Pop3Peer peer, Pop3Options options, Pop3ConnectionServices services) =>
        ConnectionFactory<Pop3ConnectionActor>.Props(() => new Pop3ConnectionActor(transport, peer, options, services));

    protected override TimeSpan ProgressTimeout => _services.IdleTimeout;

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
        _askRetry?.Cancel();
        Log.Info("POP3 session {SessionId} of {Peer} ended after {Seconds:0.000} s: login {Login}, {Retrieved} retrieved, {Deleted} deleted",
            _peer.SessionId, Transport.RemoteEndPoint, _services.Time.GetElapsedTime(_startedAt).TotalSeconds,
            _session.Login?.Address ?? "none", _session.RetrievedMessages, _session.DeletedMessages);
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
            else
            {
                CarryOut(effect);
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
                _listing = false;
                GoOn(carriedOut.Answer);
                return true;
            case MaildropLockAnswer answer when _asking is LockMaildrop ask && ask.Account == answer.Account:
                StopAsking();
                OnMaildropLock(answer.Locked, ask.Account);
                return true;
            case Terminated gone when gone.ActorRef.Equals(_lockedBy):
                OnLockLost();
                return true;
            case MessagesExpunged answer when _asking is ExpungeMessages:
                StopAsking();
                GoOn(new EffectAnswer.Expunged(answer.Succeeded));
                return true;
            case AskRetryDue when _asking is not null:
                AskAgain();
                return true;
            case MaildropLockAnswer or MessagesExpunged or AskRetryDue:
                return true; // answers to a question that was asked twice, or given up
            default:
                return false;
        }
    }

    protected override void OnTlsEstablished()
    {
        _session.ChannelBindings = Transport.ChannelBindings;
        _session.Answer(EffectAnswer.Done.Instance);
        Run();
    }

    /// <summary>RFC 1939 §3: a connection that ends without QUIT removes nothing.</summary>
    protected override void OnHungUp(Exception? cause) => Close();

    protected override void OnTimeout()
    {
        if (_sending)
        {
            Transport.Abort();
        }
        else
        {
            _session.ShutDown(Pop3ShutdownReason.IdleTimeout, Transport.Output);
        }

        Close();
    }

    protected override void OnServiceStopping()
    {
        _stopRequested = true;
        if (!_sending && _asking is null)
        {
            EndIfStopping();
        }
    }

    /// <summary>
    /// The Mailbox moves to another node, or its node died: its next incarnation knows nothing of this lock. RFC 1939 §3:
    /// without it nothing may be removed, so the session ends. What QUIT has begun to remove goes on.
    /// </summary>
    private void OnLockLost()
    {
        _lockLost = true;
        if (!_sending && !_listing && _asking is null)
        {
            EndIfStopping();
        }
    }

    private bool EndIfStopping()
    {
        if (!_stopRequested && !_lockLost)
        {
            return false;
        }

        _session.ShutDown(
            _lockLost ? Pop3ShutdownReason.MaildropLost : Pop3ShutdownReason.ServiceStopping, Transport.Output);
        Close();
        return true;
    }

    private void CarryOut(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.FindCredentials find:
                Answer(FindCredentialsAsync(find.UserName));
                break;
            case SessionEffect.CheckPassword check:
                Answer(CheckPasswordAsync(check.UserName, check.Password));
                break;
            case SessionEffect.OpenMaildrop open:
                Ask(new LockMaildrop(open.Account.Id));
                break;
            case SessionEffect.SendMessage send:
                _sending = true;
                var reader = new MaildropReader(_services.Mailboxes, _services.Spool, _session.Login!.Id);
                Answer(reader.SendAsync(send, Transport.Output, NoteProgress, Stopping));
                break;
            case SessionEffect.Expunge when _lockLost:
                GoOn(new EffectAnswer.Expunged(All: false));
                break;
            case SessionEffect.Expunge expunge:
                Ask(new ExpungeMessages(_session.Login!.Id, [.. expunge.Messages.Select(m => new Uid(m.Uid))]));
                break;
            case SessionEffect.StartTls:
                BeginTls();
                break;
            default:
                Close();
                break;
        }
    }

    private void Answer(Task<EffectAnswer> answering) =>
        answering.PipeTo(Self, success: a => new EffectCarriedOut(a), failure: e => new ConnectionBroken(e));

    private void GoOn(EffectAnswer answer)
    {
        NoteProgress();
        _session.Answer(answer);
        Run();
    }

    private void Ask(IWithAccount question)
    {
        _asking = question;
        _askStartedAt = _services.Time.GetTimestamp();
        Send();
    }

    private void Send()
    {
        _services.MailboxRegion.Tell(_asking!, Self);
        _askRetry = Context.System.Scheduler.ScheduleTellOnceCancelable(
            _services.AskRetry, Self, AskRetryDue.Instance, Self);
    }

    private void AskAgain()
    {
        if (_services.Time.GetElapsedTime(_askStartedAt) < _services.AskTimeout)
        {
            Send();
            return;
        }

        var answer = _asking is LockMaildrop
            ? new EffectAnswer.MaildropOpened([], MaildropRefusal.TemporaryFailure)
            : (EffectAnswer)new EffectAnswer.Expunged(All: false);
        StopAsking();
        GoOn(answer);
    }

    private void StopAsking()
    {
        _askRetry?.Cancel();
        _asking = null;
    }

    private void OnMaildropLock(bool locked, AccountId account)
    {
        if (locked)
        {
            _lockedBy = Context.Watch(Sender);
            _listing = true;
            Answer(ListAsync(account));
        }
        else
        {
            GoOn(new EffectAnswer.MaildropOpened([], MaildropRefusal.InUse));
        }
    }

    private async Task<EffectAnswer> ListAsync(AccountId account)
    {
        try
        {
            var inbox = await _services.Mailboxes.ListInboxAsync(account, Stopping);
            return inbox is null
                ? new EffectAnswer.MaildropOpened([], MaildropRefusal.TemporaryFailure)
                : new EffectAnswer.MaildropOpened(ToMaildrop(inbox), null);
        }
        catch (StorageException)
        {
            return new EffectAnswer.MaildropOpened([], MaildropRefusal.TemporaryFailure);
        }
    }

    /// <summary>RFC 1939 §7: the unique-id never changes and is never given again: epoch and UID are just that.</summary>
    private static ImmutableArray<MaildropMessage> ToMaildrop(FolderListing inbox) =>
        ImmutableArray.CreateRange(inbox.Messages, (message, epoch) => new MaildropMessage(
            message.Uid.Value,
            message.Size,
            string.Create(CultureInfo.InvariantCulture, $"{epoch:x8}{message.Uid.Value:x8}")), inbox.UidValidity.Value);

    private async Task<EffectAnswer> FindCredentialsAsync(string userName)
    {
        try
        {
            var found = await _services.Directory.FindCredentialsAsync(userName, Stopping);
            var login = found is null ? null : new LoginAccount(found.Account, found.Address.ToString());
            return new EffectAnswer.Credentials(login, found?.Verifier, StoreFailed: false);
        }
        catch (StorageException)
        {
            return new EffectAnswer.Credentials(null, null, StoreFailed: true);
        }
    }

    private async Task<EffectAnswer> CheckPasswordAsync(string userName, string password)
    {
        try
        {
            var found = await PasswordCheck.RunAsync(_services.Directory, userName, password, Stopping);
            var login = found is null ? null : new LoginAccount(found.Account, found.Address.ToString());
            return new EffectAnswer.PasswordChecked(login, StoreFailed: false);
        }
        catch (StorageException)
        {
            return new EffectAnswer.PasswordChecked(null, StoreFailed: true);
        }
    }

    /// <summary>To itself: the answer to an effect.</summary>
    private sealed record EffectCarriedOut(EffectAnswer Answer) : IDeadLetterSuppression;

    /// <summary>To itself: the Mailbox has not answered yet.</summary>
    private sealed class AskRetryDue : IDeadLetterSuppression
    {
        public static readonly AskRetryDue Instance = new();
    }
}
