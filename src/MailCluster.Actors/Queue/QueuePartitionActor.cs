using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Queue;

/// <summary>
/// Owns a share of the queue: a thin shell round <see cref="QueuePartitionState"/>. Decisions become events, events
/// become durable, then state changes and effects follow, in journal order. Commands are not held up while an event is
/// on its way to disk, so the journal gathers what many connections send into one write.
/// <code>
///   Recovering ──▶ Active ──StopPartition──▶ Draining ──(attempts answered, events persisted)──▶ stopped
/// </code>
/// </summary>
public sealed partial class QueuePartitionActor : UntypedPersistentActor, IWithTimers
{
    private readonly int _partition;
    private readonly QueuePartitionServices _services;
    private readonly QueuePartitionSettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly QueuePartitionState _state;
    private readonly DeliveryWindow _window;
    private readonly HashSet<QueueId> _enqueuing = [];
    private readonly List<BodyId> _toRelease = [];
    private readonly List<RecordAttempt> _outcomes = [];
    private bool _releasing;
    private bool _pumpScheduled;
    private bool _stopping;

    public QueuePartitionActor(int partition, QueuePartitionServices services)
    {
        _partition = partition;
        _services = services;
        _settings = services.Settings;
        _state = new QueuePartitionState(_settings.Queue, services.Routes.Table);
        _window = new DeliveryWindow(_settings.WindowPerDestination);
    }

    public override string PersistenceId => $"queue-{_partition}";

    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => _services.Time.GetUtcNow();

    public static Props Props(int partition, QueuePartitionServices services) =>
        Akka.Actor.Props.Create(() => new QueuePartitionActor(partition, services));

    protected override void PostStop()
    {
        _services.Local.SignOut(_partition);
        base.PostStop();
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: QueueSnapshot snapshot }:
                _state.Restore(snapshot);
                break;
            case IQueueEvent @event:
                _state.Apply(@event);
                break;
            case PartitionTaken:
                break;
            case RecoveryCompleted:
                OnRecovered();
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        if (!_services.MayWrite())
        {
            // Another node may own this partition by now. Who asked asks again, and reaches the owner.
            Context.Stop(Self);
            return;
        }

        switch (message)
        {
            case EnqueueMessage enqueue:
                OnEnqueue(enqueue);
                break;
            case IQueueCommand command:
                Execute(command, Sender);
                break;
            case DeliveryAttempted attempted:
                OnAttempted(attempted.QueueId, attempted.Attempt, attempted.Outcomes);
                break;
            case CopyStored stored:
                OnAttempted(stored.QueueId, stored.Attempt, [MailboxOutcome.Of(stored)]);
                break;
            case PartitionQuery query:
                Sender.Tell(_state.Answer(query.Query, Now));
                break;
            case GetMessage query:
                Sender.Tell(_state.Answer(query, Now));
                break;
            case PumpDue:
                _pumpScheduled = false;
                Pump();
                break;
            case OutcomesDue:
                RecordOutcomes();
                break;
            case ResendDue:
                Resend();
                break;
            case NoticeComposed composed:
                OnNoticeComposed(composed);
                break;
            case StopPartition:
                OnStop();
                break;
            case DrainOver:
                Leave();
                break;
            default:
                if (!OnHousekeeping(message))
                {
                    Unhandled(message);
                }

                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // The actor stops now, and what was on its way is unknown: the next incarnation reads what became of it.
        _log.Error(cause, "Partition {Partition} could not persist event {SequenceNr}; it recovers from the journal",
            _partition, sequenceNr);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "Partition {Partition}: the journal rejected {Event}", _partition, @event.GetType().Name);
        throw new InvalidOperationException("The journal rejected an event.", cause);
    }

    /// <summary>
    /// Nothing more is begun. What is with a next hop is waited for a moment: the next incarnation would have to try it
    /// again, though it may be delivered already.
    /// </summary>
    private void OnStop()
    {
        _stopping = true;
        _services.Local.SignOut(_partition);
        Timers.StartSingleTimer(DrainOver.Instance, DrainOver.Instance, _settings.DrainTimeout);
        LeaveIfDrained();
    }

    private void LeaveIfDrained()
    {
        if (_stopping && _window.InHand == 0)
        {
            Leave();
        }
    }

    private void Leave()
    {
        RecordOutcomes();
        // Behind every event that is on its way: their senders are answered, then we go.
        DeferAsync(DrainOver.Instance, _ => Context.Stop(Self));
    }

    private void OnEnqueue(EnqueueMessage enqueue)
    {
        if (_enqueuing.Contains(enqueue.QueueId))
        {
            return; // asked again while the event is on its way: the first question is answered then
        }

        var decision = _state.Decide(enqueue, Now, _services.Random);
        if (decision.Event is null)
        {
            Sender.Tell(decision.Answer);
            return;
        }

        _enqueuing.Add(enqueue.QueueId);
        var sender = Sender;
        Persist(decision, () =>
        {
            _enqueuing.Remove(enqueue.QueueId);
            sender.Tell(decision.Answer);
        });
    }

    private void Execute(IQueueCommand command, IActorRef sender)
    {
        var decision = _state.Decide(command, Now, _services.Random);
        Persist(decision, () => sender.Tell(decision.Answer));
    }

    /// <summary>Makes the decision durable, applies it, and only then lets the world know.</summary>
    private void Persist(QueueDecision decision, Action whenDurable)
    {
        if (decision.Event is null)
        {
            whenDurable();
            return;
        }

        PersistAsync(decision.Event, @event =>
        {
            Apply(@event);
            whenDurable();
        });
    }

    private void Apply(IQueueEvent @event)
    {
        LogEvent(@event);
        var change = _state.Apply(@event);
        if (change.IsFinished)
        {
            Release(@event.QueueId.Body);
        }

        CountForSnapshot();
        SchedulePump();
    }

    /// <summary>One pump for all that came in together.</summary>
    private void SchedulePump()
    {
        if (!_pumpScheduled)
        {
            _pumpScheduled = true;
            Self.Tell(PumpDue.Instance, ActorRefs.NoSender);
        }
    }

    private void OnAttempted(
        QueueId id, long attempt, System.Collections.Immutable.ImmutableArray<RecipientOutcome> outcomes)
    {
        if (!_window.TryFinish(id, attempt, out _))
        {
            return; // told twice, or an attempt of an earlier incarnation, which tries again anyway
        }

        _outcomes.Add(new RecordAttempt(id, outcomes));
        if (_settings.OutcomeGathering == TimeSpan.Zero)
        {
            RecordOutcomes();
        }
        else if (_outcomes.Count == 1)
        {
            Timers.StartSingleTimer(OutcomesDue.Instance, OutcomesDue.Instance, _settings.OutcomeGathering);
        }

        SchedulePump();
        LeaveIfDrained();
    }

    private void RecordOutcomes()
    {
        foreach (var outcome in _outcomes)
        {
            Persist(_state.Decide(outcome, Now, _services.Random), static () => { });
        }

        _outcomes.Clear();
    }

    /// <summary>To itself: something may be due.</summary>
    private sealed class PumpDue : IDeadLetterSuppression
    {
        public static readonly PumpDue Instance = new();
    }

    /// <summary>To itself: who has not answered by now is not waited for.</summary>
    private sealed class DrainOver : IDeadLetterSuppression
    {
        public static readonly DrainOver Instance = new();
    }

    /// <summary>To itself: outcomes have been gathered long enough.</summary>
    private sealed class OutcomesDue : IDeadLetterSuppression
    {
        public static readonly OutcomesDue Instance = new();
    }

    /// <summary>To itself: ask again for attempts that nobody has answered.</summary>
    private sealed class ResendDue : IDeadLetterSuppression
    {
        public static readonly ResendDue Instance = new();
    }
}
