using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>
/// A cluster of two: the queue's partitions on one node, Destinations and Mailboxes on the other, so that whatever
/// passes between them crosses the wire. Started once for all tests that name it.
/// </summary>
public sealed class TwoNodes : IAsyncLifetime
{
    /// <summary>Resolves to an address where nobody listens.</summary>
    public const string DeadDomain = "dead.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ClusterNode? _queue;
    private ClusterNode? _delivery;

    internal SharedStores Stores { get; } = new();

    /// <summary>Has the partitions.</summary>
    internal ClusterNode Queue => _queue!;

    /// <summary>Has Destinations and Mailboxes.</summary>
    internal ClusterNode Delivery => _delivery!;

    public async Task InitializeAsync()
    {
        foreach (var domain in (string[])["one.example", "two.example", "three.example", "b.example", DeadDomain])
        {
            Stores.Dns.Mx(domain, (10, $"mx.{domain}")).Address($"mx.{domain}", domain == DeadDomain ? "192.0.2.66" : "192.0.2.1");
        }

        // As long as a next hop's reply may be.
        Stores.Connector.Kill("192.0.2.66", new IOException(new string('x', 8000)));
        using var timeout = new CancellationTokenSource(Patience);
        _queue = await ClusterNode.StartAsync(Stores, "queue");
        await _queue.JoinAsync(_queue, timeout.Token);
        _delivery = await ClusterNode.StartAsync(Stores, "delivery", "mailbox");
        await _delivery.JoinAsync(_queue, timeout.Token);
    }

    public async Task DisposeAsync()
    {
        await Delivery.DisposeAsync();
        await Queue.DisposeAsync();
        Assert.Empty(Queue.Errors.Concat(Delivery.Errors).Select(error => error.ToString()));
    }

    /// <summary>Puts a message with these recipients into the queue, from the node that has it not.</summary>
    internal Task<QueueId> EnqueueAsync(params EnvelopeRecipient[] recipients) =>
        Delivery.EnqueueAsync(Stores.Spool, recipients);

    internal static EnvelopeRecipient Remote(string address)
    {
        var path = new ForwardPath(MailAddress.Parse(address));
        return To(path, new DeliveryTarget.Remote(path.Domain));
    }

    internal static EnvelopeRecipient Local(string address, AccountId account) =>
        To(new ForwardPath(MailAddress.Parse(address)), new DeliveryTarget.Mailbox(account, ""));

    /// <summary>Waits until it is so, and says what was missing.</summary>
    internal static async Task WaitForAsync(Func<Task<bool>> condition, string expected)
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException($"Not in {Patience}: {expected}");
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    internal static Task WaitForAsync(Func<bool> condition, string expected) =>
        WaitForAsync(() => Task.FromResult(condition()), expected);

    internal Task WaitUntilReleasedAsync(QueueId id) =>
        WaitForAsync(() => Stores.Spool.Released.Contains(id.Body), $"the end of {id}");

    private static EnvelopeRecipient To(ForwardPath path, DeliveryTarget target) =>
        new(path, DsnNotify.Unspecified, null, [new ResolvedRecipient(path, target)]);
}

[CollectionDefinition(Name)]
public sealed class TwoNodesCollection : ICollectionFixture<TwoNodes>
{
    public const string Name = "two nodes";
}
