using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class OneConnectionForManyMessages
{
    private const int Messages = 60;

    [Fact]
    public async Task A_connection_carries_as_many_messages_as_configured_and_then_the_next_one_does()
    {
        using var hop = new ScriptedNextHop();
        await using var node = await LiveNode.StartAsync(
            [.. hop.Route(), "Relay:MaxConnectionsPerDestination=1", "Relay:MessagesPerConnection=25"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        for (var i = 0; i < Messages; i++)
        {
            await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], $"Subject: {i}\r\n\r\nbody");
        }

        var received = new List<HopMessage>();
        while (received.Count < Messages)
        {
            received.Add(await hop.NextMessageAsync());
        }

        Assert.Equal(Messages, received.Select(SubjectOf).Distinct().Count());
        var perConnection = received.GroupBy(message => message.Connection).OrderBy(group => group.Key);
        Assert.Equal([25, 25, 10], perConnection.Select(group => group.Count()));
        Assert.Equal(3, hop.Connections);
        await node.WaitForEmptyQueueAsync();
    }

    [Fact]
    public async Task No_more_connections_than_allowed_are_open_however_much_waits()
    {
        using var hop = new ScriptedNextHop().Answer(".", "250 2.0.0 Slowly", after: TimeSpan.FromMilliseconds(50));
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Relay:MaxConnectionsPerDestination=3"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        for (var i = 0; i < Messages; i++)
        {
            await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], $"Subject: {i}\r\n\r\nbody");
        }

        for (var i = 0; i < Messages; i++)
        {
            await hop.NextMessageAsync();
        }

        Assert.InRange(hop.Connections, 1, 3);
    }

    private static string SubjectOf(HopMessage message) =>
        message.Text.Split("\r\n").Single(line => line.StartsWith("Subject:", StringComparison.Ordinal));
}
