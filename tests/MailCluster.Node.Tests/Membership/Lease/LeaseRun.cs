using MailCluster.Node.Membership.Lease;

namespace MailCluster.Node.Tests.Membership.Lease;

/// <summary>The machine of one node, with the time and the answers that a test gives it.</summary>
internal sealed class LeaseRun
{
    public const string Self = "10.0.0.1:4053";
    public const string Other = "10.0.0.2:4053";
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly LeaseTimings Timings = new(
        TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    private readonly LeaseMachine _machine = new(Self, Timings);

    public LeaseState State { get; private set; } = LeaseState.Start;

    public DateTimeOffset Now { get; set; } = Start;

    public static LeaseRecord Held(string? holder, double renewedAt = 0, string version = "7") => new(
        holder, Start.AddSeconds(renewedAt), TimeSpan.FromSeconds(30), 3, version);

    public static LeaseAnswer Found(string? holder, double renewedAt = 0) =>
        new LeaseAnswer.Found(Held(holder, renewedAt));

    public static LeaseAnswer Failed => new LeaseAnswer.Failed("down");

    /// <summary>A node that took the lease at the start.</summary>
    public static LeaseRun Holding()
    {
        var run = new LeaseRun();
        run.Acquire();
        run.Answer(new LeaseAnswer.Missing());
        run.Written("1");
        return run;
    }

    public IReadOnlyList<LeaseEffect> Acquire() => Send(new LeaseInput.Acquire());

    public IReadOnlyList<LeaseEffect> Release() => Send(new LeaseInput.Release());

    public IReadOnlyList<LeaseEffect> TickAt(double seconds)
    {
        Now = Start.AddSeconds(seconds);
        return Send(new LeaseInput.Tick());
    }

    /// <summary>To the read or write that is under way.</summary>
    public IReadOnlyList<LeaseEffect> Answer(LeaseAnswer answer) =>
        Send(new LeaseInput.Answered(State.Operation, answer));

    /// <summary>What this node last wrote is there, under a new version.</summary>
    public IReadOnlyList<LeaseEffect> Written(string version) => Answer(
        new LeaseAnswer.Written(LastWrite!.Record with { Version = version }));

    public LeaseEffect.Write? LastWrite { get; private set; }

    public IReadOnlyList<LeaseEffect> Send(LeaseInput input)
    {
        var decision = _machine.Decide(State, input, Now);
        State = decision.State;
        LastWrite = decision.Effects.OfType<LeaseEffect.Write>().LastOrDefault() ?? LastWrite;
        return decision.Effects;
    }
}
