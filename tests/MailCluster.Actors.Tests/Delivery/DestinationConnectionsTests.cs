using Akka.Actor;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>How many connections a next hop gets, and what they carry.</summary>
public sealed class DestinationConnectionsTests : DestinationKit
{
    [Fact]
    public async Task One_connection_carries_one_attempt_after_another()
    {
        var destination = Begin();
        var hop = await DeliverOneAsync(destination);
        for (var i = 0; i < 3; i++)
        {
            var attempt = Try(destination);
            await hop.TakeMessageAsync();
            await ExpectKindAsync(OutcomeKind.Relayed, attempt);
            await SettleWithRelaysAsync(destination);
        }

        Assert.Single(Connector.Dials);
    }

    [Fact]
    public async Task At_first_a_next_hop_gets_five_connections_and_one_more_for_a_round_of_successes()
    {
        var destination = Begin();
        var attempts = Try(destination, 12);
        var hops = await AcceptAsync(5);
        await SettleWithRelaysAsync(destination);
        Assert.Equal(5, Connector.Dials.Count);

        foreach (var hop in hops)
        {
            await hop.TakeMessageAsync();
            await ExpectKindAsync(OutcomeKind.Relayed, attempts);
        }

        await Connector.NextAsync();
        await SettleWithRelaysAsync(destination);
        Assert.Equal(6, Connector.Dials.Count);
    }

    [Fact]
    public async Task No_next_hop_gets_more_connections_than_its_limit()
    {
        var destination = Begin(new RelaySettings { MaxConnections = 2 });
        var attempts = Try(destination, 8);
        var hops = await AcceptAsync(2);
        for (var i = 0; i < attempts.Length; i++)
        {
            await hops[i % 2].TakeMessageAsync();
            await ExpectKindAsync(OutcomeKind.Relayed, attempts);
        }

        await SettleWithRelaysAsync(destination);
        Assert.Equal(2, Connector.Dials.Count);
    }

    [Fact]
    public async Task A_connection_that_is_lost_halves_the_number_and_success_brings_it_back()
    {
        var destination = Begin();
        (await DeliverOneAsync(destination)).Transport.HangUp();
        await WaitUntilGoneAsync(destination);

        var attempts = Try(destination, 6);
        var hops = await AcceptAsync(2); // half of five
        await SettleWithRelaysAsync(destination);
        Assert.Equal(1 + 2, Connector.Dials.Count);

        foreach (var hop in hops)
        {
            await hop.TakeMessageAsync();
            await ExpectKindAsync(OutcomeKind.Relayed, attempts);
        }

        await AcceptAsync(1);
        await SettleWithRelaysAsync(destination);
        Assert.Equal(1 + 3, Connector.Dials.Count);
    }

    [Fact]
    public async Task What_waits_behind_a_lost_connection_goes_over_another()
    {
        var destination = Begin(new RelaySettings { MaxConnections = 1 });
        var attempts = Try(destination, 2);
        var first = await Connector.NextAsync();
        await first.GreetAsync();
        await first.Peer.ExpectAsync("MAIL FROM:");
        first.Transport.HangUp();
        await ExpectKindAsync(OutcomeKind.Deferred, attempts[0]);

        var second = await Connector.NextAsync();
        await second.GreetAsync();
        await second.TakeMessageAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, attempts[1]);
    }

    [Fact]
    public async Task What_a_connection_on_its_way_out_gives_back_goes_over_another()
    {
        var destination = Begin();
        var first = await DeliverOneAsync(destination);
        Advance(TimeSpan.FromSeconds(15));
        await first.Peer.ExpectAsync("QUIT");

        var attempt = Try(destination);
        var second = await Connector.NextAsync();
        await second.GreetAsync();
        await second.TakeMessageAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, attempt);
    }

    private async Task<NextHopDialog[]> AcceptAsync(int count)
    {
        var hops = new NextHopDialog[count];
        for (var i = 0; i < count; i++)
        {
            hops[i] = await Connector.NextAsync();
            await hops[i].GreetAsync();
        }

        return hops;
    }

    private Task WaitUntilGoneAsync(IActorRef destination) => AwaitConditionAsync(
        () => Task.FromResult(!((ActorRefWithCell)destination).Children.Any()), TimeSpan.FromSeconds(10));
}
