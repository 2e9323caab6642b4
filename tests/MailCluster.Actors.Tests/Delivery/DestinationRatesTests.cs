using MailCluster.Actors.Delivery;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>Ten a minute: one at once, then one every six seconds and two thirds.</summary>
public sealed class DestinationRatesTests : DestinationKit
{
    private static readonly TimeSpan TooSoon = TimeSpan.FromSeconds(6.6);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(0.1);

    [Fact]
    public async Task Messages_per_minute_are_kept()
    {
        var destination = Begin(new RelaySettings { MessagesPerMinute = 10, MaxConnections = 1 });
        var attempts = Try(destination, 3);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.TakeMessageAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, attempts[0]);
        foreach (var attempt in attempts.Skip(1))
        {
            await SettleWithRelaysAsync(destination);
            Advance(TooSoon);
            await SettleWithRelaysAsync(destination);
            hop.Peer.ExpectSilence();
            Advance(Rest);
            await hop.TakeMessageAsync();
            await ExpectKindAsync(OutcomeKind.Relayed, attempt);
        }

        Assert.Single(Connector.Dials);
    }

    [Fact]
    public async Task Connections_per_minute_are_kept()
    {
        var destination = Begin(new RelaySettings { ConnectionsPerMinute = 10 });
        Try(destination, 3);
        await Connector.NextAsync();
        for (var connections = 1; connections < 3; connections++)
        {
            await SettleWithRelaysAsync(destination);
            Advance(TooSoon);
            await SettleWithRelaysAsync(destination);
            Assert.Equal(connections, Connector.Dials.Count);
            Advance(Rest);
            await Connector.NextAsync();
        }
    }
}
