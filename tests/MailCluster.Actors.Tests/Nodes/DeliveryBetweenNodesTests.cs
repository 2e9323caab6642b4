using System.Text;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>A partition on one node delivers through Destinations and Mailboxes on the other.</summary>
[Collection(TwoNodesCollection.Name)]
public sealed class DeliveryBetweenNodesTests(TwoNodes nodes)
{
    [Fact]
    public async Task A_message_for_a_next_hop_is_sent_by_the_other_node()
    {
        var id = await nodes.EnqueueAsync(TwoNodes.Remote("x@one.example"));
        var hop = await nodes.Stores.Connector.NextAsync();
        await hop.GreetAsync();

        Assert.Equal("Subject: test\r\n\r\nbody", await hop.TakeMessageAsync());
        await nodes.WaitUntilReleasedAsync(id);
    }

    [Fact]
    public async Task A_message_for_a_mailbox_is_stored_by_the_other_node()
    {
        var id = await nodes.EnqueueAsync(TwoNodes.Local("chris@hamburger.edu", new AccountId(1)));
        var write = await nodes.Stores.Mailboxes.NextAsync();
        var copy = Assert.Single(write.Copies);
        Assert.Equal(id, copy.QueueId);
        Assert.StartsWith("Return-Path: <a@b.example>\r\n", copy.Prefix, StringComparison.Ordinal);
        write.Succeed();

        await nodes.WaitUntilReleasedAsync(id);
    }

    [Fact]
    public async Task What_a_next_hop_refuses_becomes_a_notice_with_its_words()
    {
        var id = await nodes.EnqueueAsync(TwoNodes.Remote("x@two.example"));
        var refusing = await nodes.Stores.Connector.NextAsync();
        await refusing.GreetAsync();
        await refusing.AnswerAsync("MAIL FROM:", "250 ok");
        await refusing.AnswerAsync("RCPT TO:", "550-5.1.1 there is no x\r\n550 5.1.1 and never was");
        var hop = await nodes.Stores.Connector.NextAsync();
        await hop.GreetAsync();

        Assert.Contains("550 5.1.1 there is no x and never was", Unfold(await hop.TakeMessageAsync()), StringComparison.Ordinal);
        await nodes.WaitUntilReleasedAsync(id);
    }

    /// <summary>RFC 5321 §4.5.3.1.8: 100 recipients in one attempt, and each may be refused at length.</summary>
    [Fact]
    public async Task A_hundred_long_replies_to_one_attempt_all_arrive()
    {
        var id = await nodes.EnqueueAsync([.. Enumerable.Range(0, 100).Select(i => TwoNodes.Remote($"x{i}@three.example"))]);
        var hop = await nodes.Stores.Connector.NextAsync();
        await hop.GreetAsync();
        await hop.AnswerAsync("MAIL FROM:", "250 ok");
        var reply = string.Concat(Enumerable.Repeat($"450-4.2.1 {new string('x', 900)}\r\n", 8)) + "450 4.2.1 later";
        for (var i = 0; i < 100; i++)
        {
            await hop.AnswerAsync("RCPT TO:", reply);
        }

        QueueEntryDetails? shown = null;
        await TwoNodes.WaitForAsync(
            async () => (shown = await nodes.Delivery.Administration.ShowAsync(id, CancellationToken.None))!
                .Recipients.All(r => r.Attempts == 1),
            "the outcome of each recipient");
        Assert.Equal(100, shown!.Recipients.Length);
        Assert.All(shown.Recipients, r => Assert.True(r.LastReply!.Text.Length > 7000));
        await nodes.Delivery.Administration.ExecuteAsync(new RemoveMessage(id, WithDsn: false), CancellationToken.None);
        await nodes.WaitUntilReleasedAsync(id);
    }

    private static string Unfold(string text) =>
        new StringBuilder(text).Replace("\r\n ", " ").Replace("\r\n\t", " ").ToString();
}
