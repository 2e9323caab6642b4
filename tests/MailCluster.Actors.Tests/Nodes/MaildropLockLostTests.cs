using System.Net;
using MailCluster.Actors.Connections.Pop3;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Pop3;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>The node with the Mailbox leaves while a POP3 client on another node has its maildrop locked.</summary>
public sealed class MaildropLockLostTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SharedStores _stores = new();
    private ClusterNode? _access;
    private ClusterNode? _first;
    private ClusterNode? _second;

    public async Task InitializeAsync()
    {
        var message = new StoredMessage(new Uid(7), "", QueueId.New(0, DateTimeOffset.UtcNow).Body, 10, DateTimeOffset.UtcNow);
        _stores.Mailboxes.Inboxes[SmallDirectory.IdOf("chris")] = [message];
        using var timeout = new CancellationTokenSource(Patience);
        _access = await ClusterNode.StartAsync(_stores, "access");
        await _access.JoinAsync(_access, timeout.Token);
        _first = await ClusterNode.StartAsync(_stores, "mailbox");
        await _first.JoinAsync(_access, timeout.Token);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in (ClusterNode?[])[_first, _second, _access])
        {
            await (node?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    [Fact]
    public async Task Its_session_ends_and_removes_nothing_and_the_next_one_sees_the_same()
    {
        var client = await LogInAsync();
        await client.SendAsync("DELE 1\r\n");
        await client.ExpectAsync("+OK ");
        await ReplaceMailboxNodeAsync();

        await client.ExpectAsync("-ERR [SYS/TEMP] ");
        Assert.Equal("", await client.ReadToEndAsync());
        Assert.True(_stores.Mailboxes.IsQuiet);
        var next = await LogInAsync();
        await next.SendAsync("STAT\r\n");
        await next.ExpectAsync("+OK 1 10");
    }

    /// <summary>The first node leaves once there is another that takes its Mailboxes.</summary>
    private async Task ReplaceMailboxNodeAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        _second = await ClusterNode.StartAsync(_stores, "mailbox");
        await _second.JoinAsync(_access!, timeout.Token);
        await _first!.DisposeAsync();
        _first = null;
    }

    private async Task<PeerDialog> LogInAsync()
    {
        var transport = new PipeTransport();
        _access!.System.ActorOf(Pop3ConnectionActor.Props(
            transport,
            new Pop3Peer(IPAddress.Loopback, 40000, IsSecure: false, SessionId.New()),
            new Pop3Options { Hostname = SharedStores.Own, TlsAvailable = true, PlaintextAllowed = true },
            new Pop3ConnectionServices(
                new SmallDirectory(), _stores.Mailboxes, _stores.Spool, _access.Mailboxes, TimeProvider.System,
                TimeSpan.FromMinutes(10), Patience, TimeSpan.FromSeconds(3))));
        var client = new PeerDialog(transport);
        await client.ExpectAsync("+OK ");
        await client.SendAsync("USER chris@hamburger.edu\r\n");
        await client.ExpectAsync("+OK ");
        await client.SendAsync("PASS secret\r\n");
        await client.ExpectAsync("+OK ");
        return client;
    }
}
