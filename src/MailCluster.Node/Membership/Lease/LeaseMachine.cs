namespace MailCluster.Node.Membership.Lease;

/// <summary>
/// How a node comes to hold a Lease, and when it no longer does. Every write names the version it builds upon, so of two
/// nodes that write at once one is refused and reads again. The API server forgets no holder by itself: a holder gives
/// up once it could not renew for the time-out, and others wait that long and the skew of clocks before they take over.
/// <code>
/// Idle --Acquire--> AcquireRead --free--> AcquireWrite --written--> Held &lt;--Tick--> RenewWrite &lt;--409--> RenewRead
///   ^                  |  ^------- 409 --------'                      |
///   '--held by other---'       Release: ReleaseRead --ours--> ReleaseWrite --written--> Idle
/// </code>
/// </summary>
internal sealed class LeaseMachine(string owner, LeaseTimings timings)
{
    /// <summary>Each says that another node got through: this many in a row are trouble.</summary>
    private const int MaxConflicts = 5;

    public LeaseDecision Decide(LeaseState state, LeaseInput input, DateTimeOffset now) => input switch
    {
        LeaseInput.Acquire => Acquire(state, now),
        LeaseInput.Release => Release(state, now),
        LeaseInput.Tick when state.IsHeld => Tick(state, now),
        LeaseInput.Answered answered when answered.Operation == state.Operation => Answer(state, answered.Answer, now),
        _ => new LeaseDecision(state, []),
    };

    private static LeaseDecision Acquire(LeaseState state, DateTimeOffset now) => state.Phase switch
    {
        LeasePhase.AcquireRead or LeasePhase.AcquireWrite => new LeaseDecision(state, []),
        LeasePhase.ReleaseRead or LeasePhase.ReleaseWrite => Read(
            state, LeasePhase.AcquireRead, now, new LeaseEffect.ReleaseFailed("it is being acquired again")),
        _ when state.IsHeld && now < state.HeldUntil => new LeaseDecision(state, [new LeaseEffect.Taken()]),
        _ when state.IsHeld => Read(state, LeasePhase.AcquireRead, now, new LeaseEffect.Lost("it was not renewed in time")),
        _ => Read(state, LeasePhase.AcquireRead, now),
    };

    private LeaseDecision Release(LeaseState state, DateTimeOffset now) => state.Phase switch
    {
        LeasePhase.ReleaseRead or LeasePhase.ReleaseWrite => new LeaseDecision(state, []),
        LeasePhase.AcquireRead or LeasePhase.AcquireWrite => Read(
            state, LeasePhase.ReleaseRead, now, new LeaseEffect.AcquireFailed("it is being released")),
        LeasePhase.Held => Write(state, LeasePhase.ReleaseWrite, state.Record!, null, now),
        // A write that nobody heard of again may have made this node the holder.
        _ => Read(state, LeasePhase.ReleaseRead, now),
    };

    private LeaseDecision Tick(LeaseState state, DateTimeOffset now)
    {
        if (now >= state.HeldUntil)
        {
            return Lose(state, "it could not be renewed in time");
        }

        return state.Phase == LeasePhase.Held
            ? Write(state, LeasePhase.RenewWrite, state.Record!, owner, now)
            : new LeaseDecision(state, []);
    }

    private LeaseDecision Answer(LeaseState state, LeaseAnswer answer, DateTimeOffset now)
    {
        if (answer is LeaseAnswer.Written && now - state.Since > timings.SlowAfter)
        {
            answer = new LeaseAnswer.Failed("the API server was too slow");
        }

        return (state.Phase, answer) switch
        {
            (LeasePhase.AcquireRead, LeaseAnswer.Found found) => Take(state, found.Record, now),
            (LeasePhase.AcquireRead, LeaseAnswer.Missing) => Take(state, Unheld, now),
            (LeasePhase.AcquireWrite, LeaseAnswer.Written written) => Hold(state, written.Record, new LeaseEffect.Taken()),
            (LeasePhase.AcquireWrite, LeaseAnswer.Conflict) when state.Conflicts < MaxConflicts =>
                ReadAgain(state, LeasePhase.AcquireRead, now),
            (LeasePhase.RenewWrite, LeaseAnswer.Written written) => Hold(state, written.Record),
            (LeasePhase.RenewWrite, LeaseAnswer.Conflict) => Read(state, LeasePhase.RenewRead, now),
            (LeasePhase.RenewRead, LeaseAnswer.Found found) => GoOn(state, found.Record, now),
            (LeasePhase.RenewRead, LeaseAnswer.Missing) => Lose(state, "it was deleted"),
            (LeasePhase.ReleaseRead, LeaseAnswer.Found found) when found.Record.Holder == owner =>
                Write(state, LeasePhase.ReleaseWrite, found.Record, null, now),
            (LeasePhase.ReleaseRead, LeaseAnswer.Found or LeaseAnswer.Missing) or
            (LeasePhase.ReleaseWrite, LeaseAnswer.Written) => End(state, new LeaseEffect.Released()),
            (LeasePhase.ReleaseWrite, LeaseAnswer.Conflict) when state.Conflicts < MaxConflicts =>
                ReadAgain(state, LeasePhase.ReleaseRead, now),
            _ => Fail(state, answer is LeaseAnswer.Failed failed ? failed.Reason : "other nodes keep writing it", now),
        };
    }

    private static LeaseRecord Unheld => new(null, default, default, 0, null);

    private LeaseDecision Take(LeaseState state, LeaseRecord found, DateTimeOffset now)
    {
        var free = string.IsNullOrEmpty(found.Holder) || found.Holder == owner ||
            now >= found.RenewedAt + found.Duration + timings.ClockSkew;
        return free
            ? Write(state, LeasePhase.AcquireWrite, found, owner, now)
            : End(state, new LeaseEffect.HeldByOther(found.Holder!));
    }

    /// <summary>The version was another than expected: a renewal that failed has been done after all, or it is gone.</summary>
    private LeaseDecision GoOn(LeaseState state, LeaseRecord found, DateTimeOffset now) => found.Holder == owner
        ? Write(state, LeasePhase.RenewWrite, found, owner, now)
        : Lose(state, $"{found.Holder ?? "nobody"} holds it");

    private static LeaseDecision Fail(LeaseState state, string reason, DateTimeOffset now) => state.Phase switch
    {
        LeasePhase.AcquireRead or LeasePhase.AcquireWrite => End(state, new LeaseEffect.AcquireFailed(reason)),
        LeasePhase.ReleaseRead or LeasePhase.ReleaseWrite => End(state, new LeaseEffect.ReleaseFailed(reason)),
        _ when state.IsHeld && now >= state.HeldUntil => Lose(state, reason),
        _ when state.IsHeld => new LeaseDecision(state with { Phase = LeasePhase.Held }, []),
        _ => new LeaseDecision(state, []),
    };

    private static LeaseDecision Hold(LeaseState state, LeaseRecord record, params LeaseEffect[] effects) =>
        new(state with { Phase = LeasePhase.Held, Record = record, Conflicts = 0 }, [.. effects]);

    private static LeaseDecision Lose(LeaseState state, string reason) => End(state, new LeaseEffect.Lost(reason));

    /// <summary>An answer that is still to come is to nobody.</summary>
    private static LeaseDecision End(LeaseState state, LeaseEffect effect) =>
        new(LeaseState.Start with { Operation = state.Operation + 1 }, [effect]);

    private static LeaseDecision ReadAgain(LeaseState state, LeasePhase phase, DateTimeOffset now) =>
        Read(state with { Conflicts = state.Conflicts + 1 }, phase, now);

    private static LeaseDecision Read(
        LeaseState state, LeasePhase phase, DateTimeOffset now, params LeaseEffect[] before)
    {
        var next = state with { Phase = phase, Operation = state.Operation + 1, Since = now };
        return new LeaseDecision(next, [.. before, new LeaseEffect.Read(next.Operation)]);
    }

    private LeaseDecision Write(
        LeaseState state, LeasePhase phase, LeaseRecord found, string? holder, DateTimeOffset now)
    {
        var next = state with { Phase = phase, Operation = state.Operation + 1, Since = now };
        var record = found.HeldBy(holder, now, timings.Timeout);
        return new LeaseDecision(next, [new LeaseEffect.Write(next.Operation, record)]);
    }
}
