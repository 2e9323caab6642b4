using Akka.Actor;
using Akka.Coordination;
using Akka.Event;

namespace MailCluster.Node.Membership.Lease;

/// <summary>
/// Carries out what <see cref="LeaseMachine"/> decides. Its own messages stay on the node: they hold what is to be
/// completed.
/// </summary>
internal sealed class LeaseActor(
    LeaseMachine machine, LeaseTimings timings, ILeaseStore store, LeaseTerm term, TimeProvider time, TimeSpan callTimeout)
    : UntypedActor, IWithTimers
{
    private const string Heartbeat = "heartbeat";

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopped = new();
    private readonly List<TaskCompletionSource<bool>> _acquiring = [];
    private readonly List<TaskCompletionSource<bool>> _releasing = [];
    private Action<Exception?>? _onLost;
    private Action<Exception?>? _onLostOnceTaken;
    private LeaseState _state = LeaseState.Start;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AcquireLease acquire:
                _acquiring.Add(acquire.Done);
                _onLostOnceTaken = acquire.OnLost;
                Handle(new LeaseInput.Acquire());
                break;
            case ReleaseLease release:
                _releasing.Add(release.Done);
                Handle(new LeaseInput.Release());
                break;
            case LeaseInput input:
                Handle(input);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        term.Set(DateTimeOffset.MinValue);
        _stopped.Cancel();
        _stopped.Dispose();
        Fail(_acquiring, "the node stops");
        Fail(_releasing, "the node stops");
    }

    private void Handle(LeaseInput input)
    {
        if (input is LeaseInput.Answered { Answer: LeaseAnswer.Failed failed })
        {
            _log.Warning("The lease: {Reason}", failed.Reason);
        }

        var decision = machine.Decide(_state, input, time.GetUtcNow());
        _state = decision.State;
        term.Set(_state.HeldUntil);
        KeepTime();
        foreach (var effect in decision.Effects)
        {
            CarryOut(effect);
        }
    }

    private void KeepTime()
    {
        if (!_state.IsHeld)
        {
            Timers.Cancel(Heartbeat);
        }
        else if (!Timers.IsTimerActive(Heartbeat))
        {
            Timers.StartPeriodicTimer(Heartbeat, new LeaseInput.Tick(), timings.Interval);
        }
    }

    private void CarryOut(LeaseEffect effect)
    {
        switch (effect)
        {
            case LeaseEffect.Read read:
                Ask(read.Operation, store.ReadAsync);
                break;
            case LeaseEffect.Write write:
                Ask(write.Operation, cancellation => store.WriteAsync(write.Record, cancellation));
                break;
            case LeaseEffect.Taken:
                _log.Info("The lease is held until {Until:u} and renewed", _state.HeldUntil);
                _onLost = _onLostOnceTaken;
                Complete(_acquiring, true);
                break;
            case LeaseEffect.HeldByOther other:
                _log.Info("The lease is held by {Holder}", other.Holder);
                Complete(_acquiring, false);
                break;
            case LeaseEffect.AcquireFailed failed:
                Fail(_acquiring, failed.Reason);
                break;
            case LeaseEffect.Released:
                Complete(_releasing, true);
                break;
            case LeaseEffect.ReleaseFailed failed:
                Fail(_releasing, failed.Reason);
                break;
            case LeaseEffect.Lost lost:
                Lose(lost.Reason);
                break;
        }
    }

    private void Ask(int operation, Func<CancellationToken, Task<LeaseAnswer>> ask) => AskInTimeAsync(ask).PipeTo(
        Self,
        success: answer => new LeaseInput.Answered(operation, answer),
        failure: bug => new LeaseInput.Answered(operation, new LeaseAnswer.Failed(bug.Message)));

    private async Task<LeaseAnswer> AskInTimeAsync(Func<CancellationToken, Task<LeaseAnswer>> ask)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        inTime.CancelAfter(callTimeout);
        return await ask(inTime.Token);
    }

    private void Lose(string reason)
    {
        _log.Warning("The lease is lost: {Reason}", reason);
        var onLost = _onLost;
        _onLost = null;
        onLost?.Invoke(new LeaseException(reason));
    }

    private static void Complete(List<TaskCompletionSource<bool>> waiting, bool result)
    {
        waiting.ForEach(done => done.TrySetResult(result));
        waiting.Clear();
    }

    private static void Fail(List<TaskCompletionSource<bool>> waiting, string reason)
    {
        waiting.ForEach(done => done.TrySetException(new LeaseException(reason)));
        waiting.Clear();
    }
}
