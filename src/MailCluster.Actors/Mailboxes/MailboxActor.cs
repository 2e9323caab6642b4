using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using MailCluster.Mail.Headers;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Mailboxes;

/// <summary>
/// The single writer of one account's folders. While one write is under way, what comes in is gathered and becomes the
/// next one: a group commit per account. Nothing is answered before it is durable.
/// <code>
///   Idle ──StoreCopy, ExpungeMessages, ChangeMailbox──▶ Writing ──written──▶ Idle, or Writing the next batch
/// </code>
/// </summary>
public sealed partial class MailboxActor : UntypedActor
{
    /// <summary>Copies in one transaction: bounds how long a stop of the actor waits, and what a failure repeats.</summary>
    private const int MaxBatch = 200;

    /// <summary>Copies that wait; a partition repeats what is dropped beyond.</summary>
    private const int MaxWaiting = 5_000;

    private readonly AccountId _account;
    private readonly IMailboxStore _store;
    private readonly IFolderStore _folders;
    private readonly Action<BodyId> _stored;
    private readonly TimeSpan _passivateAfter;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<Waiting<StoreCopy>> _copies = new();
    private readonly Queue<Waiting<ExpungeMessages>> _expunges = new();
    private IActorRef? _maildropOwner;
    private bool _writing;
    private bool _stopping;

    public MailboxActor(AccountId account, MailboxServices services)
    {
        _account = account;
        _store = services.Store;
        _folders = services.Folders;
        _stored = services.Stored;
        _passivateAfter = services.PassivateAfter;
    }

    public static Props Props(AccountId account, MailboxServices services) =>
        Akka.Actor.Props.Create(() => new MailboxActor(account, services));

    protected override void PreStart() => Context.SetReceiveTimeout(_passivateAfter);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StoreCopy copy when _copies.Count < MaxWaiting:
                _copies.Enqueue(new Waiting<StoreCopy>(copy, Sender));
                WriteNext();
                break;
            case StoreCopy:
                break; // the partition asks again
            case ExpungeMessages when _maildropOwner is { } owner && !owner.Equals(Sender):
                // RFC 1939 §3: who lost the lock with another incarnation may not remove what somebody else has locked.
                Sender.Tell(new MessagesExpunged(false));
                break;
            case ExpungeMessages expunge:
                _expunges.Enqueue(new Waiting<ExpungeMessages>(expunge, Sender));
                WriteNext();
                break;
            case CopiesWritten written:
                OnCopiesWritten(written);
                break;
            case ExpungeWritten written:
                OnExpungeWritten(written);
                break;
            case LockMaildrop:
                OnLockMaildrop();
                break;
            case ChangeMailbox change:
                OnChange(new ChangeMailboxAs(change.Account, default, change.Request, change.Change));
                break;
            case ChangeMailboxAs change:
                OnChange(change);
                break;
            case ChangeWritten written:
                OnChangeWritten(written);
                break;
            case WatchMailbox:
                OnWatch();
                break;
            case UnwatchMailbox:
                OnUnwatch(Sender);
                break;
            case Terminated gone:
                OnTerminated(gone.ActorRef);
                break;
            case ReceiveTimeout when _maildropOwner is null && _watchers.Count == 0 && !_writing:
                Context.Parent.Tell(new Passivate(StopMailbox.Instance));
                break;
            case ReceiveTimeout:
                break;
            case StopMailbox:
                _stopping = true;
                WriteNext();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnLockMaildrop()
    {
        if (_maildropOwner is null)
        {
            _maildropOwner = Sender;
            Context.Watch(Sender);
        }

        Sender.Tell(new MaildropLockAnswer(_account, _maildropOwner.Equals(Sender)));
    }

    private void WriteNext()
    {
        if (_writing)
        {
            return;
        }

        if (_expunges.TryDequeue(out var expunge))
        {
            _writing = true;
            ExpungeAsync(expunge).PipeTo(Self);
        }
        else if (_changes.TryDequeue(out var change))
        {
            _writing = true;
            ChangeAsync(change).PipeTo(Self);
        }
        else if (_copies.Count > 0)
        {
            _writing = true;
            StoreAsync(TakeBatch()).PipeTo(Self);
        }
        else if (_stopping)
        {
            Context.Stop(Self);
        }
    }

    private ImmutableArray<Waiting<StoreCopy>> TakeBatch()
    {
        var batch = ImmutableArray.CreateBuilder<Waiting<StoreCopy>>(Math.Min(_copies.Count, MaxBatch));
        while (batch.Count < MaxBatch && _copies.TryDequeue(out var waiting))
        {
            batch.Add(waiting);
        }

        return batch.ToImmutable();
    }

    private async Task<CopiesWritten> StoreAsync(ImmutableArray<Waiting<StoreCopy>> batch)
    {
        try
        {
            var outcomes = await _store.StoreAsync(_account, batch.Select(w => ToCopy(w.Message)).ToArray(), CancellationToken.None);
            return new CopiesWritten(batch, outcomes, null);
        }
        catch (Exception trouble)
        {
            // Whatever it was: who waits must hear of it, and the next write must be tried.
            return new CopiesWritten(batch, [], trouble);
        }
    }

    private async Task<ExpungeWritten> ExpungeAsync(Waiting<ExpungeMessages> expunge)
    {
        try
        {
            await _store.ExpungeInboxAsync(_account, expunge.Message.Uids, CancellationToken.None);
            return new ExpungeWritten(expunge.ReplyTo, null);
        }
        catch (Exception trouble)
        {
            return new ExpungeWritten(expunge.ReplyTo, trouble);
        }
    }

    private void OnCopiesWritten(CopiesWritten written)
    {
        _writing = false;
        if (written.Trouble is { } trouble)
        {
            _log.Error(trouble, "Mailbox {Account}: {Count} copies not stored", _account, written.Batch.Length);
        }

        if (written.Outcomes.Contains(StoreOutcome.Stored))
        {
            TellWatchers(default, 0);
        }

        for (var i = 0; i < written.Batch.Length; i++)
        {
            var (copy, replyTo) = written.Batch[i];
            var outcome = written.Trouble is null ? ToOutcome(written.Outcomes[i]) : CopyOutcome.StoreFailed;
            if (outcome == CopyOutcome.Stored)
            {
                _stored(copy.QueueId.Body);
            }

            replyTo.Tell(new CopyStored(copy.QueueId, copy.Attempt, copy.Recipient, outcome));
        }

        WriteNext();
    }

    private void OnExpungeWritten(ExpungeWritten written)
    {
        _writing = false;
        if (written.Trouble is { } trouble)
        {
            _log.Error(trouble, "Mailbox {Account}: messages not removed", _account);
        }

        TellWatchers(default, 0);
        written.ReplyTo.Tell(new MessagesExpunged(written.Trouble is null));
        WriteNext();
    }

    /// <summary>RFC 5321 §4.4: final delivery puts the reverse-path at the beginning.</summary>
    private static IncomingCopy ToCopy(StoreCopy copy) => new(
        copy.QueueId,
        copy.Path,
        TraceHeader.ReturnPath(copy.ReversePath) + TraceHeader.DeliveredTo(copy.Path.Address),
        copy.QueueId.Body,
        copy.BodySize,
        copy.ReceivedAt);

    private static CopyOutcome ToOutcome(StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Stored or StoreOutcome.AlreadyStored => CopyOutcome.Stored,
        StoreOutcome.OverQuota => CopyOutcome.OverQuota,
        _ => CopyOutcome.NoSuchAccount,
    };

    private readonly record struct Waiting<T>(T Message, IActorRef ReplyTo);

    /// <summary>To itself: a batch of copies is durable, or was refused as a whole.</summary>
    private sealed record CopiesWritten(
        ImmutableArray<Waiting<StoreCopy>> Batch, ImmutableArray<StoreOutcome> Outcomes, Exception? Trouble);

    /// <summary>To itself: an expunge is durable, or failed.</summary>
    private sealed record ExpungeWritten(IActorRef ReplyTo, Exception? Trouble);
}

/// <summary>From the shard: write what waits, then stop. Also the hand-off's stop message.</summary>
public sealed class StopMailbox
{
    public static readonly StopMailbox Instance = new();
}
