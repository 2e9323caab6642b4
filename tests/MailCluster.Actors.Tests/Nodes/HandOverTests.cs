using MailCluster.Mail.Identity;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>
/// One of two nodes with Destinations and Mailboxes leaves while it has work in hand: it finishes that, and what comes
/// behind it goes to the other. Each of the two has stores of its own, so that one sees which of them works.
/// </summary>
public sealed class HandOverTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SharedStores _queueStores = new();
    private readonly Dictionary<SharedStores, ClusterNode> _workers = [];
    private ClusterNode? _queue;

    private ClusterNode Queue => _queue!;

    public async Task InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        _queue = await ClusterNode.StartAsync(_queueStores, "queue");
        await _queue.JoinAsync(_queue, timeout.Token);
        for (var i = 0; i < 2; i++)
        {
            var stores = new SharedStores { Spool = _queueStores.Spool };
            stores.Dns.Mx("one.example", (10, "mx.one.example")).Address("mx.one.example", "192.0.2.1");
            var worker = await ClusterNode.StartAsync(stores, "delivery", "mailbox");
            _workers.Add(stores, worker);
            await worker.JoinAsync(_queue, timeout.Token);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var worker in _workers.Values)
        {
            await worker.DisposeAsync();
            Assert.Empty(worker.Errors.Select(error => error.ToString()));
        }

        await Queue.DisposeAsync();
        Assert.Empty(Queue.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public async Task A_copy_that_is_being_written_is_answered_and_the_next_one_is_written_elsewhere()
    {
        var chris = TwoNodes.Local("chris@hamburger.edu", new AccountId(1));
        var first = await Queue.EnqueueAsync(_queueStores.Spool, chris);
        var busy = await FindAsync(stores => !stores.Mailboxes.IsQuiet, "a write to the mailbox");
        var write = await busy.Mailboxes.NextAsync();
        var leaving = await BeginToLeaveAsync(busy);
        write.Succeed();
        await WaitUntilReleasedAsync(first);
        await leaving;

        var second = await Queue.EnqueueAsync(_queueStores.Spool, chris);
        var other = Assert.Single(_workers.Keys);
        (await other.Mailboxes.NextAsync()).Succeed();
        await WaitUntilReleasedAsync(second);
    }

    [Fact]
    public async Task A_message_that_is_being_sent_is_finished_and_the_next_one_goes_from_elsewhere()
    {
        var first = await Queue.EnqueueAsync(_queueStores.Spool, TwoNodes.Remote("x@one.example"));
        var busy = await FindAsync(stores => !stores.Connector.Dials.IsEmpty, "a connection to the next hop");
        var hop = await busy.Connector.NextAsync();
        await hop.GreetAsync();
        await hop.AnswerAsync("MAIL FROM:", "250 ok");
        var leaving = await BeginToLeaveAsync(busy);
        await hop.TakeRestAsync();
        await WaitUntilReleasedAsync(first);
        await leaving;

        var second = await Queue.EnqueueAsync(_queueStores.Spool, TwoNodes.Remote("y@one.example"));
        var other = Assert.Single(_workers.Keys);
        var otherHop = await other.Connector.NextAsync();
        await otherHop.GreetAsync();
        await otherHop.TakeMessageAsync();
        await WaitUntilReleasedAsync(second);
    }

    private async Task<SharedStores> FindAsync(Func<SharedStores, bool> condition, string expected)
    {
        await TwoNodes.WaitForAsync(() => _workers.Keys.Any(condition), expected);
        return _workers.Keys.Single(condition);
    }

    /// <summary>Comes back when the node has begun to stop, with what ends when it is gone.</summary>
    private async Task<Task> BeginToLeaveAsync(SharedStores stores)
    {
        _workers.Remove(stores, out var worker);
        var leaving = LeaveAsync();
        await TwoNodes.WaitForAsync(() => worker!.IsStopping, "a node that stops");
        return leaving;

        async Task LeaveAsync()
        {
            await worker!.DisposeAsync();
            Assert.Empty(worker.Errors.Select(error => error.ToString()));
        }
    }

    private Task WaitUntilReleasedAsync(QueueId id) =>
        TwoNodes.WaitForAsync(() => _queueStores.Spool.Released.Contains(id.Body), $"the end of {id}");
}
