using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>An actor system whose clock and scheduler stand still until the test moves both.</summary>
public abstract class VirtualTimeKit : TestKit
{
    private const string Config =
        """
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.loglevel = WARNING
        akka.log-dead-letters = off
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected VirtualTimeKit()
        : base(Config)
    {
    }

    private protected ManualTime Time { get; } = new(new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));

    protected void Advance(TimeSpan by)
    {
        Time.Advance(by);
        ((TestScheduler)Sys.Scheduler).Advance(by);
    }

    /// <summary>Comes back when the actor has handled all that was in its mailbox.</summary>
    protected async Task SettleAsync(IActorRef actor)
    {
        var barrier = CreateTestProbe();
        actor.Tell(new Identify(null), barrier);
        await barrier.ExpectMsgAsync<ActorIdentity>(Patience);
    }

    /// <summary>Waits for something that only a task shows, and says what was missing.</summary>
    protected static async Task WithinPatienceAsync(Task task, string expected)
    {
        if (await Task.WhenAny(task, Task.Delay(Patience)) != task)
        {
            throw new TimeoutException($"Not in {Patience}: {expected}");
        }

        await task;
    }
}
