using CsCheck;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue.Tests.Partitions;

/// <summary>Any sequence of what can happen: no recipient is lost, none is tried again after it is done.</summary>
public sealed class QueuePropertyTests
{
    private static readonly Gen<(int Kind, int Which, int Outcome)[]> Steps =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 50], Gen.Int[0, 3]).Array[1, 80];

    [Fact]
    public void Every_recipient_ends_delivered_or_failed_and_each_failure_is_told_unless_nobody_wants_to_know() =>
        Steps.Sample(steps =>
        {
            var run = new Run();
            foreach (var step in steps)
            {
                run.Take(step.Kind, step.Which, (OutcomeKind)step.Outcome);
            }

            run.PlayToTheEnd();
            return run.Queue.State.Count == 0 && run.Trouble is null;
        });

    [Fact]
    public void A_replay_gives_the_same_state_and_so_does_a_snapshot_with_the_rest() =>
        Gen.Select(Steps, Gen.Double[0, 1]).Sample((steps, cut) =>
        {
            var run = new Run();
            foreach (var step in steps)
            {
                run.Take(step.Kind, step.Which, (OutcomeKind)step.Outcome);
            }

            var journal = run.Queue.Journal;
            var behind = (int)(cut * journal.Count);
            var replayed = Replay(run, journal, new QueueSnapshot([], []));
            var first = Replay(run, journal[..behind], new QueueSnapshot([], []));
            var resumed = Replay(run, journal[behind..], first.Snapshot());
            return Same(run.Queue.State, replayed) && Same(replayed, resumed);
        });

    private static QueuePartitionState Replay(Run run, List<IQueueEvent> events, QueueSnapshot snapshot)
    {
        var state = new QueuePartitionState(run.Queue.Settings, new RouteTable([], null));
        state.Restore(snapshot);
        foreach (var @event in events)
        {
            state.Apply(@event);
        }

        return state;
    }

    private static bool Same(QueuePartitionState one, QueuePartitionState other)
    {
        var (a, b) = (one.Snapshot(), other.Snapshot());
        return a.RecentlyFinished.SequenceEqual(b.RecentlyFinished)
            && a.Entries.OrderBy(e => e.Id).Zip(b.Entries.OrderBy(e => e.Id)).All(pair => SameEntry(pair.First, pair.Second))
            && a.Entries.Length == b.Entries.Length;
    }

    private static bool SameEntry(QueueEntry a, QueueEntry b) =>
        a with { Recipients = b.Recipients } == b && a.Recipients.SequenceEqual(b.Recipients);

    /// <summary>A partition whose attempts are answered at random, and the rules that must hold all the while.</summary>
    private sealed class Run
    {
        private readonly List<DueWork> _out = [];
        private readonly List<QueueId> _ids = [];
        private readonly HashSet<(QueueId, int)> _done = [];

        public PartitionFixture Queue { get; } = new();

        public string? Trouble { get; private set; }

        public void Take(int kind, int which, OutcomeKind outcome)
        {
            switch (kind)
            {
                case 0 or 1:
                    var sender = which % 3 == 0 ? "" : "a@b.example";
                    var notify = (which % 4) switch { 0 => DsnNotify.Never, 1 => DsnNotify.Success, _ => DsnNotify.Unspecified };
                    _ids.Add(Queue.Enqueue(sender, notify, [.. Enumerable.Range(0, 1 + (which % 3)).Select(i => $"u{i}@d{i % 2}.example")]));
                    break;
                case 2 or 3:
                    TakeDue();
                    break;
                case 4 or 5 when _out.Count > 0:
                    Finish(which % _out.Count, outcome);
                    break;
                case 6:
                    Queue.Now += TimeSpan.FromMinutes(which * 20);
                    break;
                case 7 when _ids.Count > 0:
                    var id = _ids[which % _ids.Count];
                    Queue.Do((which % 3) switch { 0 => new HoldMessage(id), 1 => new ReleaseMessage(id), _ => new RetryMessage(id) });
                    break;
            }
        }

        public void PlayToTheEnd()
        {
            foreach (var id in _ids)
            {
                Queue.Do(new ReleaseMessage(id));
            }

            for (var i = 0; i < 20_000 && Queue.State.Count > 0; i++)
            {
                TakeDue();
                while (_out.Count > 0)
                {
                    Finish(0, OutcomeKind.Deferred);
                }

                Queue.Now = Queue.State.NextDueAt > Queue.Now ? Queue.State.NextDueAt!.Value : Queue.Now;
            }
        }

        private void TakeDue()
        {
            foreach (var work in Queue.State.TakeDue(Queue.Now, 100))
            {
                Check(work);
                _out.Add(work);
            }
        }

        private void Check(DueWork work)
        {
            if (work is DueWork.Relay relay)
            {
                Trouble ??= relay.Recipients.Any(r => _done.Contains((work.Entry.Id, r))) ? "tried again after it was done" : null;
                Trouble ??= work.Entry.Held ? "tried though held" : null;
                Trouble ??= _out.OfType<DueWork.Relay>().Any(
                    other => other.Entry.Id == work.Entry.Id && other.Recipients.Intersect(relay.Recipients).Any())
                    ? "given out twice"
                    : null;
            }
            else if (work is DueWork.Notice)
            {
                Trouble ??= work.Entry.ReversePath.IsNull ? "a notice to nobody" : null;
            }
        }

        private void Finish(int index, OutcomeKind outcome)
        {
            var work = _out[index];
            _out.RemoveAt(index);
            switch (work)
            {
                case DueWork.Relay relay:
                    Queue.Record(work.Entry.Id, outcome, outcome switch
                    {
                        OutcomeKind.Failed => PartitionFixture.Never,
                        OutcomeKind.Deferred => PartitionFixture.Later,
                        _ => PartitionFixture.Ok,
                    }, [.. relay.Recipients]);
                    if (outcome != OutcomeKind.Deferred)
                    {
                        _done.UnionWith(relay.Recipients.Select(r => (work.Entry.Id, r)));
                    }

                    break;
                case DueWork.Notice notice:
                    Queue.Do(new RecordNotice(work.Entry.Id, notice.Plan, null));
                    break;
            }
        }
    }
}
