using Akka.Actor;
using Akka.TestKit;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>A Destination with its connections, scripted next hops, and a probe in the partition's place.</summary>
public abstract class DestinationKit : VirtualTimeKit
{
    protected DestinationKit()
    {
        Attempts = new Attempts(Spool, Time);
        Partition = CreateTestProbe("partition");
        Dns.Mx("example.org", (10, "mx.example.org")).Address("mx.example.org", "192.0.2.1");
    }

    private protected MemorySpool Spool { get; } = new();

    private protected FakeDns Dns { get; } = new();

    private protected FakeConnector Connector { get; } = new();

    private protected Attempts Attempts { get; }

    private protected TimeProvider? DestinationTime { get; init; }

    protected TestProbe Partition { get; }

    protected IActorRef Begin(RelaySettings? settings = null, RouteTls tls = RouteTls.Opportunistic)
    {
        var own = DomainName.Parse("mail.hamburger.edu");
        var resolver = new NextHopResolver(Dns, new NextHopResolverOptions { OwnNames = [own.Text] }, new Random(1));
        return ChildActorOf(DestinationActor.Props(new DestinationServices(
            resolver, Connector, new RelayRoutes(new RouteTable([], null), own, tls), Spool,
            settings ?? new RelaySettings(), DestinationTime ?? Time)));
    }

    /// <summary>Gives the Destination an attempt with one recipient.</summary>
    private protected AttemptDelivery Try(IActorRef destination)
    {
        var attempt = Attempts.To("x@example.org");
        destination.Tell(attempt, Partition);
        return attempt;
    }

    private protected AttemptDelivery[] Try(IActorRef destination, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Try(destination))];

    /// <summary>The answer to any one of these attempts.</summary>
    private protected async Task<RecipientOutcome> ExpectAnswerAsync(params AttemptDelivery[] attempts)
    {
        var answer = await Partition.ExpectMsgAsync<DeliveryAttempted>();
        Assert.Contains(attempts, a => a.Attempt == answer.Attempt && a.QueueId == answer.QueueId);
        return Assert.Single(answer.Outcomes);
    }

    private protected async Task ExpectKindAsync(OutcomeKind kind, params AttemptDelivery[] attempts) =>
        Assert.Equal(kind, (await ExpectAnswerAsync(attempts)).Kind);

    /// <summary>Delivers one message over a fresh connection, which is idle then.</summary>
    private protected async Task<NextHopDialog> DeliverOneAsync(IActorRef destination)
    {
        var attempt = Try(destination);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.TakeMessageAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, attempt);
        await SettleWithRelaysAsync(destination);
        return hop;
    }

    /// <summary>Comes back when connections and Destination have handled what was in their mailboxes.</summary>
    protected async Task SettleWithRelaysAsync(IActorRef destination)
    {
        var barrier = CreateTestProbe();
        Sys.ActorSelection(destination.Path / "*").Tell(new Identify(null), barrier);
        foreach (var _ in ((ActorRefWithCell)destination).Children)
        {
            await barrier.ExpectMsgAsync<ActorIdentity>();
        }

        await SettleAsync(destination);
    }
}
