using System.Net;
using Akka.Actor;
using Akka.TestKit;
using MailCluster.Actors.Connections.Pop3;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Pop3;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Tests.Connections.Pop3;

/// <summary>One POP3 client, played by the test, which plays the Mailbox actors, too.</summary>
public abstract class Pop3ConnectionKit : VirtualTimeKit
{
    private const string Prefix = "Return-Path: <a@b.example>\r\n";

    protected static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(10);
    protected static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(30);
    protected static readonly TimeSpan AskRetry = TimeSpan.FromSeconds(3);

    protected Pop3ConnectionKit()
    {
        Client = new PeerDialog(Transport);
        Mailbox = CreateTestProbe("mailbox");
    }

    private protected PipeTransport Transport { get; } = new();

    private protected PeerDialog Client { get; }

    private protected MemorySpool Spool { get; } = new();

    private protected SmallDirectory Directory { get; } = new();

    private protected ScriptedMailboxes Store { get; } = new();

    protected TestProbe Mailbox { get; }

    protected IActorRef Begin() => ChildActorOf(Pop3ConnectionActor.Props(
        Transport,
        new Pop3Peer(IPAddress.Loopback, 40000, IsSecure: false, SessionId.New()),
        new Pop3Options { Hostname = DomainName.Parse("mail.hamburger.edu"), TlsAvailable = true, PlaintextAllowed = true },
        new Pop3ConnectionServices(
            Directory, Store, Spool, Mailbox, Time, IdleTimeout, AskTimeout, AskRetry)));

    protected async Task<IActorRef> BeginGreetedAsync()
    {
        var connection = Begin();
        await Client.ExpectAsync("+OK ");
        return connection;
    }

    /// <summary>Logged in, with the maildrop locked and listed.</summary>
    protected async Task<IActorRef> BeginLoggedInAsync()
    {
        var connection = await BeginGreetedAsync();
        var question = await LogInAsync("chris");
        connection.Tell(new MaildropLockAnswer(question.Account, true), Mailbox);
        await Client.ExpectAsync("+OK ");
        return connection;
    }

    /// <summary>USER and PASS, up to the question to the Mailbox.</summary>
    protected async Task<LockMaildrop> LogInAsync(string user)
    {
        await SayAsync($"USER {user}@hamburger.edu", "+OK ");
        await Client.SendAsync("PASS secret\r\n");
        var question = await Mailbox.ExpectMsgAsync<LockMaildrop>();
        Assert.Equal(SmallDirectory.IdOf(user), question.Account);
        return question;
    }

    protected async Task SayAsync(string command, string reply)
    {
        await Client.SendAsync($"{command}\r\n");
        await Client.ExpectAsync(reply);
    }

    /// <summary>Puts a message into chris's inbox.</summary>
    protected void Deliver(string content)
    {
        var body = QueueId.New(0, Time.GetUtcNow()).Body;
        Spool.Put(body, content);
        var before = Store.Inboxes.GetValueOrDefault(SmallDirectory.IdOf("chris"), []);
        Store.Inboxes[SmallDirectory.IdOf("chris")] = before.Add(new StoredMessage(
            new Uid((uint)before.Length + 1), Prefix, body, Prefix.Length + content.Length, Time.GetUtcNow()));
    }

    /// <summary>The connection says nothing more, and ends.</summary>
    protected async Task ExpectClosedAsync(IActorRef connection)
    {
        Watch(connection);
        await ExpectTerminatedAsync(connection);
        Assert.Equal("", await Client.ReadToEndAsync());
    }
}
