using CsCheck;

namespace MailCluster.Queue.Tests.Partitions;

public sealed class DeliveryWindowTests
{
    private readonly PartitionFixture _queue = new();
    private readonly DeliveryWindow _window = new(perDestination: 2);

    [Fact]
    public void A_next_hop_gets_only_so_many_at_a_time_and_the_rest_in_order()
    {
        var first = Add("x@one.example");
        Add("x@one.example");
        var third = Add("x@one.example");
        var other = Add("x@two.example");

        var started = StartAll();

        Assert.Equal(3, started.Count);
        Assert.DoesNotContain(third, started.Select(a => a.Work));
        Assert.Contains(other, started.Select(a => a.Work));
        Assert.True(_window.TryFinish(first.Entry.Id, started.Single(a => a.Work == first).Number, out _));
        Assert.Equal(third, Assert.Single(StartAll()).Work);
    }

    [Fact]
    public void An_answer_counts_once()
    {
        var work = Add("x@one.example");
        var number = Assert.Single(StartAll()).Number;

        Assert.True(_window.TryFinish(work.Entry.Id, number, out _));
        Assert.False(_window.TryFinish(work.Entry.Id, number, out _));
        Assert.False(_window.TryFinish(work.Entry.Id, number + 1, out _));
        Assert.Equal(0, _window.InHand);
    }

    [Fact]
    public void What_nobody_answers_is_sent_again_and_again_under_its_number()
    {
        Add("x@one.example");
        var attempt = Assert.Single(StartAll());
        var later = _queue.Now + TimeSpan.FromSeconds(30);

        Assert.Empty(_window.TakeOverdue(_queue.Now - TimeSpan.FromSeconds(1), _queue.Now));
        Assert.Equal(attempt.Number, Assert.Single(_window.TakeOverdue(_queue.Now, later)).Number);
        Assert.Empty(_window.TakeOverdue(_queue.Now, later));
        Assert.Single(_window.TakeOverdue(later, later + TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("remove")]
    [InlineData("remove and tell")]
    public void What_waits_does_not_go_out_once_its_entry_is_held_or_removed(string order)
    {
        Add("x@one.example");
        Add("x@one.example");
        var waiting = Add("x@one.example");
        var behind = Add("x@one.example");
        var started = StartWanted();
        Assert.Equal(2, started.Count);

        _queue.Do(order switch
        {
            "hold" => new HoldMessage(waiting.Entry.Id),
            _ => new RemoveMessage(waiting.Entry.Id, WithDsn: order == "remove and tell"),
        });
        _window.TryFinish(started[0].Work.Entry.Id, started[0].Number, out _);

        Assert.Equal(behind, Assert.Single(StartWanted()).Work);
        Assert.Equal(2, _window.InHand);
    }

    [Fact]
    public void What_was_kept_back_while_held_goes_out_after_the_release()
    {
        var work = Add("x@one.example");
        _queue.Do(new HoldMessage(work.Entry.Id));
        Assert.Empty(StartWanted());
        Assert.Empty(_queue.State.TakeDue(_queue.Now, 100));

        _queue.Do(new ReleaseMessage(work.Entry.Id));
        _window.Add(_queue.TakeOne<DueWork.Relay>());

        Assert.Equal(work.Entry.Id, Assert.Single(StartWanted()).Work.Entry.Id);
    }

    [Fact]
    public void A_number_is_never_given_again_not_even_after_a_restart()
    {
        Add("x@one.example");
        var before = Assert.Single(StartAll()).Number;
        _queue.Now += TimeSpan.FromSeconds(1);
        var restarted = new DeliveryWindow(perDestination: 2);
        restarted.Add(Add("x@one.example"));

        Assert.True(restarted.TryStart(_queue.Now, out var attempt));
        Assert.True(attempt.Number > before);
    }

    [Fact]
    public void Numbers_grow_even_where_the_clock_is_set_back()
    {
        Add("x@one.example");
        Add("x@one.example");

        Assert.True(_window.TryStart(_queue.Now, out var first));
        Assert.True(_window.TryStart(_queue.Now - TimeSpan.FromHours(1), out var second));
        Assert.True(second.Number > first.Number);
    }

    [Fact]
    public void Each_mailbox_has_a_window_of_its_own()
    {
        _queue.Enqueue("a@b.example", "bob@hamburger.edu", "alice@hamburger.edu");
        foreach (var work in _queue.State.TakeDue(_queue.Now, 100))
        {
            _window.Add(work);
        }

        Assert.Equal(2, StartAll().Count);
    }

    [Fact]
    public void In_any_order_all_start_once_in_order_and_never_too_many() =>
        Gen.Int[0, 4].Array[1, 200].Sample(steps =>
        {
            var queue = new PartitionFixture();
            var window = new DeliveryWindow(perDestination: 3);
            var (added, started, inHand) = (new List<DueWork>(), new List<DueWork>(), new List<Attempt>());
            foreach (var step in steps.Concat(Enumerable.Repeat(4, 200)))
            {
                if (step < 3)
                {
                    queue.Enqueue("a@b.example", $"x@d{step}.example");
                    added.Add(queue.TakeOne<DueWork.Relay>());
                    window.Add(added[^1]);
                }
                else if (inHand.Count > 0)
                {
                    Assert.True(window.TryFinish(inHand[0].Work.Entry.Id, inHand[0].Number, out _));
                    inHand.RemoveAt(0);
                }

                while (window.TryStart(queue.Now, out var attempt))
                {
                    started.Add(attempt.Work);
                    inHand.Add(attempt);
                }

                Assert.Equal(inHand.Count, window.InHand);
                Assert.All(inHand.CountBy(a => HopOf(a.Work)), lane => Assert.InRange(lane.Value, 1, 3));
            }

            Assert.Equal(0, window.InHand);
            Assert.Equal(
                added.GroupBy(HopOf).OrderBy(g => g.Key).SelectMany(g => g.Select(w => w.Entry.Id)),
                started.GroupBy(HopOf).OrderBy(g => g.Key).SelectMany(g => g.Select(w => w.Entry.Id)));
        });

    private static string HopOf(DueWork work) => ((DueWork.Relay)work).NextHop.Key;

    private List<Attempt> StartWanted()
    {
        var started = new List<Attempt>();
        while (_window.TryStart(_queue.State, _queue.Now, out var attempt))
        {
            started.Add(attempt);
        }

        return started;
    }

    private DueWork Add(string recipient)
    {
        _queue.Enqueue("a@b.example", recipient);
        var work = _queue.TakeOne<DueWork.Relay>();
        _window.Add(work);
        return work;
    }

    private List<Attempt> StartAll()
    {
        var started = new List<Attempt>();
        while (_window.TryStart(_queue.Now, out var attempt))
        {
            started.Add(attempt);
        }

        return started;
    }
}
