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
