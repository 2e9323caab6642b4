using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class NextHopIsDownTwice
{
    [Fact]
    public async Task Mail_waits_until_it_is_up_and_is_delivered_once()
    {
        using var hop = new ScriptedNextHop(isDown: true);
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Queue:RetryDelays:0=500ms"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: patient\r\n\r\nbody");

        var entry = await node.WaitForEntryAsync("deferred");
        Assert.Contains("connection refused", entry.LastReply, StringComparison.Ordinal);
        await node.WaitForAttemptsAsync(entry.Id, 2);
        hop.Open();

        var message = await hop.NextMessageAsync();
        Assert.EndsWith("Subject: patient\r\n\r\nbody\r\n", message.Text, StringComparison.Ordinal);
        await node.WaitForEmptyQueueAsync();
        Assert.Single(hop.Heard, line => line.Text.StartsWith("DATA", StringComparison.Ordinal));
        Assert.Empty(await node.ReadMailAsync("alice"));
    }
}
