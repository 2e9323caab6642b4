using System.Net;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class OperatorChangesTheQueue
{
    [Fact]
    public async Task Held_is_not_tried_released_and_retried_is()
    {
        using var hop = new ScriptedNextHop()
            .Answer("RCPT TO:<carol@", "451 4.2.1 Try again later", times: 1)
            .Answer("RCPT TO:<dave@", "451 4.2.1 Try again later", times: 1);
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Queue:RetryDelays:0=1s"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: held\r\n\r\nbody");
        var entry = await node.WaitForEntryAsync("deferred");
        await node.ChangeQueueAsync($"{entry.Id}/hold");
        await node.WaitForEntryAsync("held");

        // A message that came later and has to wait as long is delivered: the held one was due before it.
        await client.SendAsync("alice@hamburger.edu", ["dave@sink.example"], "Subject: passes by\r\n\r\nbody");
        Assert.Contains("Subject: passes by", (await hop.NextMessageAsync()).Text, StringComparison.Ordinal);
        Assert.Single(hop.Heard, line => line.Text.StartsWith("RCPT TO:<carol@", StringComparison.Ordinal));
        await node.WaitForEntryAsync("held");

        await node.ChangeQueueAsync($"{entry.Id}/release");
        Assert.Contains("Subject: held", (await hop.NextMessageAsync()).Text, StringComparison.Ordinal);
        await node.WaitForEmptyQueueAsync();
    }

    [Fact]
    public async Task Retry_does_not_wait_for_the_schedule()
    {
        using var hop = new ScriptedNextHop().Answer("RCPT", "451 4.2.1 Try again later", times: 2);
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Queue:RetryDelays:0=30m"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: x\r\n\r\nbody");
        var entry = await node.WaitForEntryAsync("deferred");
        Assert.Contains("451 4.2.1 Try again later", entry.LastReply, StringComparison.Ordinal);

        await node.ChangeQueueAsync($"{entry.Id}/retry");
        await hop.WaitForAsync("RCPT", 2);
        await node.WaitForEntryAsync("deferred");
        await node.ChangeQueueAsync("retry?destination=sink.example");
        await hop.NextMessageAsync();
        await node.WaitForEmptyQueueAsync();
    }

    [Fact]
    public async Task Removed_is_gone_and_the_sender_hears_of_it_where_the_operator_wants()
    {
        using var hop = new ScriptedNextHop().Answer("RCPT", "451 4.2.1 Try again later");
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Queue:RetryDelays:0=30m"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: in silence\r\n\r\nbody");
        var silent = await node.WaitForEntryAsync("deferred");
        await node.ChangeQueueAsync($"{silent.Id}/remove");
        await node.WaitForEmptyQueueAsync();
        using var gone = await node.Api.GetAsync(new Uri($"/api/queue/{silent.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: with a word\r\n\r\nbody");
        var told = await node.WaitForEntryAsync("deferred");
        await node.ChangeQueueAsync($"{told.Id}/remove?notify=true");
        var notice = Assert.Single(await node.WaitForMailAsync("alice", 1));
        Assert.Equal("failed", Maildrop.ReportOf(notice)[1]["Action"]);
        Assert.Contains("with a word", notice.ToString(), StringComparison.Ordinal);
        await node.WaitForEmptyQueueAsync();
    }
}
