using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

/// <summary>RFC 5321 §4.5.3.2.6: who does not wait for the last reply sends everything twice.</summary>
public sealed class NextHopIsSlow
{
    [Fact]
    public async Task A_late_reply_is_waited_for_and_the_message_is_not_sent_again_meanwhile()
    {
        using var hop = new ScriptedNextHop().Answer(".", "250 2.0.0 At last", after: TimeSpan.FromSeconds(3));
        await using var node = await LiveNode.StartAsync(
            [.. hop.Route(), "Queue:RetryDelays:0=500ms", "Queue:ResendAfter=1s"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: x\r\n\r\nbody");

        await hop.NextMessageAsync();
        await node.WaitForEmptyQueueAsync();
        Assert.Single(hop.Heard, line => line.Text == "DATA");
        Assert.Equal(1, hop.Connections);
    }
}
