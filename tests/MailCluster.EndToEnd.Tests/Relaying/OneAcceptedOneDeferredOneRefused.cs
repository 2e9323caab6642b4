using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

/// <summary>Each recipient of a transaction has a fate of its own, RFC 5321 §3.3 and §4.5.4.1.</summary>
public sealed class OneAcceptedOneDeferredOneRefused
{
    [Fact]
    public async Task The_notice_reports_only_the_refused_one_and_only_the_deferred_one_is_tried_again()
    {
        using var hop = new ScriptedNextHop()
            .Answer("RCPT TO:<busy@", "451 4.2.1 Try again later", times: 1)
            .Answer("RCPT TO:<gone@", "550 5.1.1 No such user");
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Queue:RetryDelays:0=1s"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        string[] recipients = ["fine@sink.example", "busy@sink.example", "gone@sink.example"];
        await client.SendAsync("alice@hamburger.edu", recipients, "Subject: x\r\n\r\nbody");

        var first = await hop.NextMessageAsync();
        Assert.Equal(["RCPT TO:<fine@sink.example>"], first.Recipients);
        var second = await hop.NextMessageAsync();
        Assert.Equal(["RCPT TO:<busy@sink.example>"], second.Recipients);
        await node.WaitForEmptyQueueAsync();
        Assert.False(hop.HasMessage);

        var notice = Assert.Single(await node.WaitForMailAsync("alice", 1));
        var report = Maildrop.ReportOf(notice);
        Assert.Equal(2, report.Count); // the message, and one recipient
        Assert.Equal("rfc822; gone@sink.example", report[1]["Final-Recipient"]);
        Assert.Equal("failed", report[1]["Action"]);
        Assert.Equal("5.1.1", report[1]["Status"]);
        Assert.Equal("smtp; 550 5.1.1 No such user", report[1]["Diagnostic-Code"]);
    }
}
