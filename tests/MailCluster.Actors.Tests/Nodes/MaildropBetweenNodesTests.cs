using System.Net;
using Akka.Actor;
using MailCluster.Actors.Connections.Pop3;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Pop3;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>A POP3 client is connected to one node, its Mailbox is on the other.</summary>
[Collection(TwoNodesCollection.Name)]
public sealed class MaildropBetweenNodesTests(TwoNodes nodes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_maildrop_is_locked_until_its_connection_ends()
    {
        var (first, transport) = Connect();
        await LogInAsync(first, "+OK ");
        await LogInAsync(Connect().Client, "-ERR [IN-USE] ");
        transport.HangUp();
        await TwoNodes.WaitForAsync(async () => (await TryLogInAsync(Connect().Client)).StartsWith("+OK", StringComparison.Ordinal),
            "the lock of a connection that ended is free");
    }

    [Fact]
    public async Task What_is_deleted_is_removed_by_the_other_node_before_quit_is_answered()
    {
        var dana = SmallDirectory.IdOf("dana");
        nodes.Stores.Mailboxes.Inboxes[dana] =
            [new StoredMessage(new Uid(7), "", QueueId.New(0, DateTimeOffset.UtcNow).Body, 10, DateTimeOffset.UtcNow)];
        var (client, _) = Connect();
        await LogInAsync(client, "+OK ", "dana");
        await client.SendAsync("DELE 1\r\n");
        await client.ExpectAsync("+OK ");
        await client.SendAsync("QUIT\r\n");
        var write = await nodes.Stores.Mailboxes.NextAsync();
        Assert.Equal(new Uid(7), Assert.Single(write.Expunged));
        client.ExpectSilence();
        write.Succeed();

        await client.ExpectAsync("+OK ");
    }

    [Fact]
    public async Task Two_hundred_thousand_messages_are_removed_at_once()
    {
        var all = new ExpungeMessages(new AccountId(77), [.. Enumerable.Range(1, 200_000).Select(i => new Uid((uint)i))]);
        var asked = nodes.Queue.Mailboxes.Ask<MessagesExpunged>(all, Patience);
        var write = await nodes.Stores.Mailboxes.NextAsync();
        Assert.True(all.Uids.SequenceEqual(write.Expunged));
        write.Succeed();

        Assert.True((await asked).Succeeded);
    }

    private (PeerDialog Client, PipeTransport Transport) Connect()
    {
        var transport = new PipeTransport();
        nodes.Queue.System.ActorOf(Pop3ConnectionActor.Props(
            transport,
            new Pop3Peer(IPAddress.Loopback, 40000, IsSecure: false, SessionId.New()),
            new Pop3Options { Hostname = SharedStores.Own, TlsAvailable = true, PlaintextAllowed = true },
            new Pop3ConnectionServices(
                new SmallDirectory(), nodes.Stores.Mailboxes, nodes.Stores.Spool, nodes.Queue.Mailboxes, TimeProvider.System,
                TimeSpan.FromMinutes(10), Patience, TimeSpan.FromSeconds(3))));
        return (new PeerDialog(transport), transport);
    }

    private static async Task LogInAsync(PeerDialog client, string reply, string user = "chris") =>
        Assert.StartsWith(reply, await TryLogInAsync(client, user), StringComparison.Ordinal);

    /// <summary>What the server says to PASS.</summary>
    private static async Task<string> TryLogInAsync(PeerDialog client, string user = "chris")
    {
        await client.ExpectAsync("+OK ");
        await client.SendAsync($"USER {user}@hamburger.edu\r\n");
        await client.ExpectAsync("+OK ");
        await client.SendAsync("PASS secret\r\n");
        return await client.ReadLineAsync("the answer to PASS");
    }
}
