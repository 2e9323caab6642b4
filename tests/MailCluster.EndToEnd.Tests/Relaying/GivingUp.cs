using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class GivingUp
{
    [Fact]
    public async Task A_message_that_is_too_old_comes_back_with_the_last_reply_and_leaves_the_queue()
    {
        using var hop = new ScriptedNextHop().Answer("RCPT", "451 4.3.0 Not now");
        await using var node = await LiveNode.StartAsync(
            [.. hop.Route(), "Queue:RetryDelays:0=500ms", "Queue:MaxAge=2s", "Queue:DelayNoticeAfter=none"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync(
            "alice@hamburger.edu", ["carol@sink.example"], "Subject: too late\r\n\r\nbody", " RET=HDRS ENVID=QQ314159");

        var notice = Assert.Single(await node.WaitForMailAsync("alice", 1));
        var report = Maildrop.ReportOf(notice);
        Assert.Equal("QQ314159", report[0]["Original-Envelope-Id"]);
        Assert.Equal("failed", report[1]["Action"]);
        Assert.Equal("5.4.7", report[1]["Status"]); // RFC 3463 §3.5: delivery time expired
        Assert.Equal("smtp; 451 4.3.0 Not now", report[1]["Diagnostic-Code"]); // RFC 3464 §2.3.6: what the next hop said
        Assert.DoesNotContain("body", notice.ToString(), StringComparison.Ordinal); // RFC 3461 §4.3
        await node.WaitForEmptyQueueAsync();
        Assert.InRange(hop.Heard.Count(line => line.Text.StartsWith("RCPT", StringComparison.Ordinal)), 3, 6);
    }
}
