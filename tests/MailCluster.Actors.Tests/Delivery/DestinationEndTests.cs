using Akka.Actor;
using Akka.Cluster.Sharding;
using MailCluster.Actors.Delivery;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>How a Destination ends: by itself when nothing is left to do, or when its shard moves.</summary>
public sealed class DestinationEndTests : DestinationKit
{
    [Fact]
    public async Task A_destination_with_nothing_to_do_asks_to_be_stopped()
    {
        var destination = Begin();
        var hop = await DeliverOneAsync(destination);
        Advance(TimeSpan.FromSeconds(15));
        await hop.AnswerAsync("QUIT", "221 bye");
        await WithinPatienceAsync(hop.Transport.Closed, "the end of the idle connection");
        await SettleAsync(destination);
        Advance(TimeSpan.FromMinutes(35));

        var passivate = await ExpectMsgAsync<Passivate>();
        Watch(destination);
        destination.Tell(passivate.StopMessage);
        await ExpectTerminatedAsync(destination);
    }

    [Fact]
    public async Task A_destination_with_work_stays_however_long_it_takes()
    {
        var recipients = Enumerable.Range(0, 10).Select(i => $"x{i}@example.org").ToArray();
        var destination = Begin();
        destination.Tell(Attempts.To(recipients), Partition);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.AnswerAsync("MAIL FROM:", "250 ok");
        foreach (var recipient in recipients)
        {
            await hop.Peer.ExpectAsync($"RCPT TO:<{recipient}>");
            await SettleWithRelaysAsync(destination);
            Advance(TimeSpan.FromMinutes(4));
            await SettleWithRelaysAsync(destination);
            await hop.Peer.SendAsync("250 ok\r\n");
        }

        await hop.AnswerAsync("DATA", "354 go on");
        await hop.ReadContentAsync();
        await hop.Peer.SendAsync("250 taken\r\n");
        Assert.All(
            (await Partition.ExpectMsgAsync<DeliveryAttempted>()).Outcomes, o => Assert.Equal(OutcomeKind.Relayed, o.Kind));
        await ExpectNoMsgAsync(TimeSpan.Zero); // no wish to be stopped
    }

    [Fact]
    public async Task A_destination_that_moves_lets_go_what_waits_and_finishes_what_is_under_way()
    {
        var destination = Begin(new RelaySettings { MaxConnections = 1 });
        var underWay = Try(destination);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.AnswerAsync("MAIL FROM:", "250 ok");
        Try(destination);
        destination.Tell(StopDestination.Instance);
        Try(destination); // comes too late, its partition asks the next Destination
        await SettleAsync(destination);
        await hop.TakeRestAsync();

        await ExpectKindAsync(OutcomeKind.Relayed, underWay);
        Watch(destination);
        await ExpectTerminatedAsync(destination);
        await Partition.ExpectNoMsgAsync(TimeSpan.Zero);
        await WithinPatienceAsync(hop.Transport.Closed, "the end of the connection");
    }

    [Fact]
    public async Task A_destination_that_moves_with_nothing_under_way_stops_at_once()
    {
        var destination = Begin();
        var hop = await DeliverOneAsync(destination);
        Watch(destination);
        destination.Tell(StopDestination.Instance);

        await ExpectTerminatedAsync(destination);
        await WithinPatienceAsync(hop.Transport.Closed, "the end of the idle connection");
    }
}
