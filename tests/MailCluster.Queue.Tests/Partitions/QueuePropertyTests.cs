using CsCheck;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue.Tests.Partitions;

/// <summary>Any sequence of what can happen: no recipient is lost, none is tried again after it is done.</summary>
public sealed class QueuePropertyTests
{
    [Fact]
    public void Every_recipient_ends_and_its_end_is_told_just_to_those_who_want_to_know() =>
        RandomRun.Steps.Sample(steps =>
        {
            var run = RandomRun.Of(steps);
            run.PlayToTheEnd();

            Assert.Null(run.Trouble);
            Assert.Equal(0, run.Queue.State.Count);
            Assert.Null(run.Queue.State.NextDueAt);
            Assert.Null(JournalModel.Check(run.Queue.Journal));
        });

    [Fact]
    public void A_replay_gives_the_same_state_and_so_does_a_snapshot_with_the_rest() =>
        Gen.Select(RandomRun.Steps, Gen.Double[0, 1]).Sample((steps, cut) =>
        {
            var run = RandomRun.Of(steps);
            var journal = run.Queue.Journal;
            var behind = (int)(cut * journal.Count);

            var replayed = Replay(run, journal, new QueueSnapshot([], []));
            var first = Replay(run, journal[..behind], new QueueSnapshot([], []));
            var resumed = Replay(run, journal[behind..], first.Snapshot());

            AssertSame(run.Queue.State, replayed);
            AssertSame(replayed, resumed);
        });

    [Fact]
    public void Events_that_are_applied_twice_change_no_more_than_once() =>
        RandomRun.Steps.Sample(steps =>
        {
            // What an event says of times and attempts may count twice; nothing may come back or be lost by it.
            var run = RandomRun.Of(steps);
            var twice = Replay(run, [.. run.Queue.Journal, .. run.Queue.Journal], new QueueSnapshot([], []));

            Assert.Equal(Ids(run.Queue.State), Ids(twice));
        });

    [Fact]
    public void The_same_question_at_the_same_time_gets_the_same_decision() =>
        Gen.Select(RandomRun.Steps, Gen.Double[0, 1]).Sample((steps, random) =>
        {
            var queue = RandomRun.Of(steps).Queue;
            foreach (var entry in queue.State.Snapshot().Entries)
            {
                var attempt = new RecordAttempt(
                    entry.Id, [new RecipientOutcome(0, OutcomeKind.Deferred, PartitionFixture.Later, "mx")]);
                var one = (AttemptRecorded)queue.State.Decide(attempt, queue.Now, () => random).Event!;
                var other = (AttemptRecorded)queue.State.Decide(attempt, queue.Now, () => random).Event!;

                Assert.Equal(one.Outcomes.AsEnumerable(), other.Outcomes);
                Assert.Same(entry, queue.State.Find(entry.Id)); // deciding changes nothing
            }
        });

    [Fact]
    public void What_waits_after_a_restart_is_given_out_again_all_of_it() =>
        RandomRun.Steps.Sample(steps =>
        {
            var run = RandomRun.Of(steps);
            var restarted = Replay(run, run.Queue.Journal, new QueueSnapshot([], []));
            var end = run.Queue.Now + TimeSpan.FromDays(6);

            var due = restarted.TakeDue(end, int.MaxValue);

            foreach (var entry in restarted.Snapshot().Entries.Where(e => !e.Held))
            {
                var tried = due.Where(work => work.Entry.Id == entry.Id).Sum(work => work switch
                {
                    DueWork.Relay relay => relay.Recipients.Length,
                    DueWork.Store => 1,
                    _ => 0,
                });
                Assert.Equal(entry.Recipients.Count(r => r.IsPending), tried);
            }

            Assert.Empty(restarted.TakeDue(end, int.MaxValue));
        });

    private static QueuePartitionState Replay(RandomRun run, List<IQueueEvent> events, QueueSnapshot snapshot)
    {
        var state = new QueuePartitionState(run.Queue.Settings, new RouteTable([], null));
        state.Restore(snapshot);
        foreach (var @event in events)
        {
            state.Apply(@event);
        }

        return state;
    }

    private static QueueId[] Ids(QueuePartitionState state) => [.. state.Snapshot().Entries.Select(e => e.Id).Order()];

    private static void AssertSame(QueuePartitionState one, QueuePartitionState other)
    {
        var (a, b) = (one.Snapshot(), other.Snapshot());
        Assert.Equal(a.RecentlyFinished.AsEnumerable(), b.RecentlyFinished);
        Assert.Equal(Ids(one), Ids(other));
        foreach (var entry in a.Entries)
        {
            var same = other.Find(entry.Id)!;
            Assert.Equal(entry.Recipients.AsEnumerable(), same.Recipients);
            Assert.Equal(entry, same with { Recipients = entry.Recipients });
        }
    }
}
