using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

/// <summary>RFC 5321 §4.5.5 and §6.1: a notice about a notice would never end.</summary>
public sealed class NullReversePathNeverBounces
{
    [Fact]
    public async Task What_came_from_nobody_is_dropped_in_silence_when_it_is_refused()
    {
        using var hop = new ScriptedNextHop().Answer("RCPT TO:<gone@", "550 5.1.1 No such user");
        await using var node = await LiveNode.StartAsync(hop.Route());
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("", ["gone@sink.example"], "Subject: a notice\r\n\r\nbody");
        await hop.WaitForAsync("RCPT TO:<gone@", 1);
        await node.WaitForEmptyQueueAsync();

        // The notice of this one comes later than any of the first could.
        await client.SendAsync("alice@hamburger.edu", ["gone@sink.example"], "Subject: a message\r\n\r\nbody");
        var notice = Assert.Single(await node.WaitForMailAsync("alice", 1));
        Assert.Equal("<>", notice.Headers["Return-Path"]);
        await node.WaitForEmptyQueueAsync();
        Assert.Empty(await node.ReadMailAsync("bob")); // who is postmaster, too
        Assert.Equal(2, hop.Heard.Count(line => line.Text.StartsWith("MAIL", StringComparison.Ordinal)));
    }
}
