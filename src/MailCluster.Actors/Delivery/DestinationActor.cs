using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Actors.Delivery;

/// <summary>
/// One next hop: its hosts, its connections, how much it takes and how long it is left alone after it failed. All is in
/// memory; a fresh Destination learns it again. There is one for each next hop in the cluster, so its limits are exact.
/// <code>
///   attempts ──▶ waiting ──(idle connection)──▶ under way ──▶ answered
///                   └──(no connection, below the limits)──▶ dial: host, next host, ... ──▶ connection
/// </code>
/// </summary>
public sealed partial class DestinationActor : UntypedActor, IWithTimers
{
    /// <summary>Answers kept, so that a partition that missed one is told again rather than the message sent again.</summary>
    private const int RememberedAnswers = 2_000;

    private readonly DestinationServices _services;
    private readonly RelaySettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<AttemptKey, Asker> _inHand = [];
    private readonly LinkedList<AttemptDelivery> _waiting = new();
    private readonly RecentAnswers _answered = new(RememberedAnswers);
    private readonly Dictionary<IActorRef, RelayState> _relays = [];
    private readonly Stack<IActorRef> _idle = new();
    private readonly ConcurrencyLimit _concurrency;
    private readonly BackOff _backOff;
    private readonly RateLimit? _messageRate;
    private readonly RateLimit? _connectionRate;
    private readonly CancellationTokenSource _stoppingSource = new();
    private NextHop? _hop;
    private HostPlan.Hosts? _hosts;
    private DateTimeOffset _hostsGoodUntil;
    private bool _resolving;
    private int _dialing;
    private Reply? _lastFailure;
    private bool _stopping;

    public DestinationActor(DestinationServices services)
    {
        _services = services;
        _settings = services.Settings;
        _concurrency = new ConcurrencyLimit(_settings.MaxConnections);
        _backOff = new BackOff(_settings.MinBackOff, _settings.MaxBackOff);
        _messageRate = _settings.MessagesPerMinute is { } messages ? new RateLimit(messages) : null;
        _connectionRate = _settings.ConnectionsPerMinute is { } connections ? new RateLimit(connections) : null;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => _services.Time.GetUtcNow();

    public static Props Props(DestinationServices services) =>
        Akka.Actor.Props.Create(() => new DestinationActor(services));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart() => Context.SetReceiveTimeout(_settings.PassivateAfter);

    protected override void PostStop()
    {
        _stoppingSource.Cancel();
        _stoppingSource.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AttemptDelivery attempt:
                OnAttempt(attempt);
                break;
            case AttemptFinished finished:
                OnFinished(finished);
                break;
            case RelayReady:
                OnRelayReady(Sender);
                break;
            case AttemptReturned returned:
                OnReturned(returned.Attempt);
                break;
            case RelayEnded ended:
                OnRelayEnded(Sender, ended);
                break;
            case Terminated gone:
                OnRelayGone(gone.ActorRef);
                break;
            case HostsResolved resolved:
                OnHostsResolved(resolved.Plan);
                break;
            case Connected connected:
                OnConnected(connected);
                break;
            case ConnectFailed failed:
                _dialing--;
                OnDialFailed(failed.Dial, failed.Reply, tlsFailed: false);
                break;
            case PumpDue:
                Pump();
                break;
            case ReceiveTimeout when _inHand.Count == 0 && _relays.Count == 0:
                Context.Parent.Tell(new Passivate(StopDestination.Instance));
                break;
            case ReceiveTimeout:
                break;
            case StopDestination:
                OnStop();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnAttempt(AttemptDelivery attempt)
    {
        _hop ??= attempt.NextHop;
        var key = AttemptKey.Of(attempt);
        if (_answered.TryGet(key, out var answer) && (answer.Attempt == attempt.Attempt || IsFinal(answer)))
        {
            // Under the number by which the partition knows it now: it may have lost what was said to it before.
            Sender.Tell(answer with { Attempt = attempt.Attempt });
        }
        else if (_inHand.ContainsKey(key))
        {
            _inHand[key] = new Asker(Sender, attempt.Attempt);
        }
        else if (!_stopping && _inHand.Count < _settings.MaxWaiting)
        {
            Begin(key, attempt);
        }
    }

    private static bool IsFinal(DeliveryAttempted answer) => answer.Outcomes.All(o => o.Kind != OutcomeKind.Deferred);

    private void Begin(AttemptKey key, AttemptDelivery attempt)
    {
        _inHand.Add(key, new Asker(Sender, attempt.Attempt));
        if (_lastFailure is { } failure && _backOff.IsBackedOff(Now) && _relays.Count == 0)
        {
            Defer(attempt, failure);
            return;
        }

        _waiting.AddLast(attempt);
        Pump();
    }

    /// <summary>Gives waiting attempts to idle connections, and dials where there are more of them than connections.</summary>
    private void Pump()
    {
        while (_waiting.First is { } first && _idle.Count > 0)
        {
            if (_messageRate is { } rate && !rate.TryTake(Now))
            {
                Timers.StartSingleTimer(PumpDue.Instance, PumpDue.Instance, rate.NextAt(Now) - Now);
                return;
            }

            _waiting.RemoveFirst();
            var relay = _idle.Pop();
            _relays[relay].Attempt = first.Value;
            relay.Tell(new StartTransaction(first.Value));
        }

        DialForWaiting();
    }

    private void DialForWaiting()
    {
        if (_lastFailure is { } failure && _relays.Count + _dialing == 0 && _backOff.IsBackedOff(Now))
        {
            AnswerWaiting(OutcomeKind.Deferred, failure);
            return;
        }

        var wanted = Math.Min(_waiting.Count, _concurrency.Current);
        while (_relays.Values.Count(r => !r.WasReady) + _dialing < wanted - _idle.Count
            && _relays.Count + _dialing < _concurrency.Current
            && !_backOff.IsBackedOff(Now))
        {
            if (_hosts is null || Now >= _hostsGoodUntil)
            {
                Resolve();
                return;
            }

            if (_connectionRate is { } rate && !rate.TryTake(Now))
            {
                Timers.StartSingleTimer(PumpDue.Instance, PumpDue.Instance, rate.NextAt(Now) - Now);
                return;
            }

            Dial(new Dial(_hosts.Candidates, 0, AvoidTls: false));
        }
    }

    private void OnFinished(AttemptFinished finished)
    {
        if (_relays.TryGetValue(Sender, out var relay))
        {
            relay.Attempt = null;
        }

        if (finished.Outcomes.Any(o => o.Kind is OutcomeKind.Delivered or OutcomeKind.Relayed))
        {
            _concurrency.OnSuccess();
            _backOff.Reset();
            _lastFailure = null;
        }

        Answer(finished.Attempt, finished.Outcomes);
    }

    private void OnReturned(AttemptDelivery attempt)
    {
        if (_relays.TryGetValue(Sender, out var relay))
        {
            relay.Attempt = null;
        }

        TakeBack(attempt);
        Pump();
    }

    /// <summary>An attempt that nobody began: it waits again, or its partition asks the next Destination.</summary>
    private void TakeBack(AttemptDelivery attempt)
    {
        if (_stopping)
        {
            _inHand.Remove(AttemptKey.Of(attempt));
            StopWhenDone();
        }
        else
        {
            _waiting.AddFirst(attempt);
        }
    }

    private void Answer(AttemptDelivery attempt, ImmutableArray<RecipientOutcome> outcomes)
    {
        var key = AttemptKey.Of(attempt);
        var isAsked = _inHand.Remove(key, out var asker);
        var answer = new DeliveryAttempted(attempt.QueueId, isAsked ? asker.Attempt : attempt.Attempt, outcomes);
        _answered.Add(key, answer);
        if (isAsked)
        {
            asker.Partition.Tell(answer);
        }

        StopWhenDone();
    }

    private void Defer(AttemptDelivery attempt, Reply reply) => AnswerAll(attempt, OutcomeKind.Deferred, reply);

    private void AnswerAll(AttemptDelivery attempt, OutcomeKind kind, Reply reply) => Answer(
        attempt,
        ImmutableArray.CreateRange(attempt.Recipients, r => new RecipientOutcome(r.Index, kind, reply, null)));

    private void AnswerWaiting(OutcomeKind kind, Reply reply)
    {
        while (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            AnswerAll(first.Value, kind, reply);
        }
    }

    /// <summary>Hand-off: what waits is let go, its partition asks the next Destination; what is under way is finished.</summary>
    private void OnStop()
    {
        _stopping = true;
        foreach (var attempt in _waiting)
        {
            _inHand.Remove(AttemptKey.Of(attempt));
        }

        _waiting.Clear();
        StopWhenDone();
    }

    private void StopWhenDone()
    {
        if (_stopping && _inHand.Count == 0)
        {
            Context.Stop(Self);
        }
    }

    /// <summary>To itself: a rate limit lets go on.</summary>
    private sealed class PumpDue : INotInfluenceReceiveTimeout, IDeadLetterSuppression
    {
        public static readonly PumpDue Instance = new();
    }

    /// <summary>Who waits for an attempt's outcome, and the number by which it knows it.</summary>
    private readonly record struct Asker(IActorRef Partition, long Attempt);

    private sealed class RelayState(Dial dial)
    {
        public Dial Dial { get; } = dial;

        /// <summary>What it was given and has not answered.</summary>
        public AttemptDelivery? Attempt { get; set; }

        public bool WasReady { get; set; }
    }
}

/// <summary>
/// Names what is tried: an entry, and those of its recipients that are tried together. Not the number of the attempt: a
/// partition that starts again on another node gives it a new one, and must find what its former self began.
/// </summary>
internal readonly record struct AttemptKey(QueueId QueueId, int First, int Recipients, int Hash)
{
    public static AttemptKey Of(AttemptDelivery attempt)
    {
        var hash = 0;
        foreach (var recipient in attempt.Recipients)
        {
            hash = (hash * 31) + recipient.Index;
        }

        return new AttemptKey(attempt.QueueId, attempt.Recipients[0].Index, attempt.Recipients.Length, hash);
    }
}
