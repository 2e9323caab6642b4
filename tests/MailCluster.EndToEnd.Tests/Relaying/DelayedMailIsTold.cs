using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class DelayedMailIsTold
{
    [Fact]
    public async Task The_sender_hears_once_that_a_message_still_waits_and_then_it_is_delivered()
    {
        using var hop = new ScriptedNextHop(isDown: true);
        await using var node = await LiveNode.StartAsync(
            [.. hop.Route(), "Queue:RetryDelays:0=300ms", "Queue:DelayNoticeAfter=1s"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: x\r\n\r\nbody");

        var notice = Assert.Single(await node.WaitForMailAsync("alice", 1));
        var report = Maildrop.ReportOf(notice);
        Assert.Equal("delayed", report[1]["Action"]);
        Assert.StartsWith("4.", report[1]["Status"], StringComparison.Ordinal);
        Assert.NotNull(report[1]["Will-Retry-Until"]);
        Assert.Equal("auto-replied", notice.Headers["Auto-Submitted"]);

        var entry = await node.WaitForEntryAsync("deferred");
        var attempts = await node.CountAttemptsAsync(entry.Id);
        await node.WaitForAttemptsAsync(entry.Id, attempts + 2);
        hop.Open();
        await hop.NextMessageAsync();
        await node.WaitForEmptyQueueAsync();
        await node.WaitForMailAsync("alice", 1);
    }

    [Fact]
    public async Task Who_asked_to_hear_of_failures_only_does_not_hear_of_a_delay()
    {
        using var hop = new ScriptedNextHop(isDown: true);
        await using var node = await LiveNode.StartAsync(
            [.. hop.Route(), "Queue:RetryDelays:0=300ms", "Queue:DelayNoticeAfter=1s", "Queue:MaxAge=2s"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SayAsync("MAIL FROM:<alice@hamburger.edu>");
        await client.SayAsync("RCPT TO:<carol@sink.example> NOTIFY=FAILURE"); // RFC 3461 §4.1
        await client.SayAsync("DATA");
        await client.SayAsync("Subject: x\r\n\r\nbody\r\n.");

        var notice = Assert.Single(await node.WaitForMailAsync("alice", 1));
        Assert.Equal("failed", Maildrop.ReportOf(notice)[1]["Action"]);
    }
}
