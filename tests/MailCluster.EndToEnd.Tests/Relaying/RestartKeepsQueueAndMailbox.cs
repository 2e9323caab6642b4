using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Storage;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class RestartKeepsQueueAndMailbox
{
    [Fact]
    public async Task What_was_accepted_before_the_stop_is_delivered_after_the_start()
    {
        using var folder = new TemporaryFolder();
        using var hop = new ScriptedNextHop(isDown: true);
        string[] settings = [.. hop.Route(), "Queue:RetryDelays:0=1s"];
        QueuedEntry before;
        await using (var node = await LiveNode.StartOnAsync(folder.Path, settings))
        {
            using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
            await client.SendAsync("alice@hamburger.edu", ["bob@hamburger.edu"], "Subject: kept\r\n\r\nbody");
            await node.WaitForMailAsync("bob", 1);
            await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: queued\r\n\r\nbody");
            before = await node.WaitForEntryAsync("deferred");
            await node.StopAsync();
        }

        await using var again = await LiveNode.StartOnAsync(folder.Path, settings);
        Assert.Equal("kept", Assert.Single(await again.WaitForMailAsync("bob", 1)).Subject);
        var after = await again.WaitForEntryAsync("deferred");
        Assert.Equal(before.Id, after.Id);
        hop.Open();
        var message = await hop.NextMessageAsync();
        Assert.Contains("Subject: queued\r\n", message.Text, StringComparison.Ordinal);
        await again.WaitForEmptyQueueAsync();
        await again.WaitForMailAsync("bob", 1);
        Assert.Empty(await again.ReadMailAsync("alice"));
    }

    /// <summary>Mail in the partitions beyond would lie there for ever.</summary>
    [Fact]
    public async Task A_start_with_another_number_of_partitions_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using (await LiveNode.StartOnAsync(folder.Path, "Queue:Partitions=3"))
        {
        }

        var refused = await Assert.ThrowsAsync<StorageException>(
            () => LiveNode.StartOnAsync(folder.Path, "Queue:Partitions=2"));
        Assert.Contains("set it to 3", refused.Message, StringComparison.Ordinal);
        await using var again = await LiveNode.StartOnAsync(folder.Path, "Queue:Partitions=3");
    }

    /// <summary>It may come twice, src/README.md says why; what it must not is come never.</summary>
    [Fact]
    public async Task What_is_under_way_at_the_stop_is_not_lost()
    {
        using var folder = new TemporaryFolder();
        using var hop = new ScriptedNextHop()
            .Answer(".", "451 4.3.0 Sorry", times: 1, after: TimeSpan.FromSeconds(2));
        string[] settings = [.. hop.Route(), "Queue:RetryDelays:0=500ms"];
        await using (var node = await LiveNode.StartOnAsync(folder.Path, settings))
        {
            using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
            await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: under way\r\n\r\nbody");
            await hop.WaitForAsync(".", 1);
            await node.StopAsync();
            Assert.False(hop.HasMessage);
        }

        await using var again = await LiveNode.StartOnAsync(folder.Path, settings);
        var message = await hop.NextMessageAsync();
        Assert.Contains("Subject: under way\r\n", message.Text, StringComparison.Ordinal);
        await again.WaitForEmptyQueueAsync();
    }
}
