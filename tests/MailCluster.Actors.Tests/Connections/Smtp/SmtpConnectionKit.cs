using System.Net;
using Akka.Actor;
using Akka.TestKit;
using MailCluster.Actors.Connections.Smtp;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Queue;
using MailCluster.Smtp.Server;

namespace MailCluster.Actors.Tests.Connections.Smtp;

/// <summary>One SMTP client, played by the test, which plays the queue partition, too.</summary>
public abstract class SmtpConnectionKit : VirtualTimeKit
{
    protected const string Envelope =
        "MAIL FROM:<a@b.example>\r\nRCPT TO:<chris@hamburger.edu>\r\nDATA\r\n";

    protected const string Content = "Subject: test\r\n\r\nbody\r\n.\r\n";

    protected SmtpConnectionKit()
    {
        Client = new PeerDialog(Transport);
        Partition = CreateTestProbe("partition");
        Clock = new GatedTime(Time);
    }

    private protected PipeTransport Transport { get; } = new();

    private protected PeerDialog Client { get; }

    private protected MemorySpool Spool { get; } = new();

    private protected SmallDirectory Directory { get; } = new();

    private protected GatedTime Clock { get; }

    /// <summary>None, unless a test signs one in.</summary>
    private protected LocalPartitions Local { get; } = new();

    protected TestProbe Partition { get; }

    protected IActorRef Begin(TimeSpan? enqueueRetry = null)
    {
        var options = new SmtpServerOptions
        {
            Hostname = DomainName.Parse("mail.hamburger.edu"),
            TlsAvailable = true,
            PlaintextAuthAllowed = true,
        };
        var timeouts = SmtpConnectionTimeouts.Default;
        return ChildActorOf(SmtpConnectionActor.Props(
            Transport,
            new SmtpPeer(IPAddress.Loopback, 40000, MayRelay: false, IsSecure: false, SessionId.New()),
            options,
            new SmtpConnectionServices(
                new SmtpBackend(Directory, Directory, Spool, options.Hostname),
                new PartitionChooser(1, 0, Time, Local), Local, Partition, Clock),
            timeouts with { EnqueueRetry = enqueueRetry ?? timeouts.EnqueueRetry }));
    }

    protected async Task<IActorRef> BeginGreetedAsync(TimeSpan? enqueueRetry = null)
    {
        var connection = Begin(enqueueRetry);
        await Client.ExpectAsync("220 ");
        await SayAsync("EHLO client.example", "250 ");
        return connection;
    }

    protected async Task SayAsync(string command, string reply)
    {
        await Client.SendAsync($"{command}\r\n");
        await Client.ExpectAsync(reply);
    }

    /// <summary>MAIL to the 354.</summary>
    protected async Task BeginMessageAsync()
    {
        await Client.SendAsync(Envelope);
        await Client.ExpectAsync("250 2.1.0");
        await Client.ExpectAsync("250 2.1.5");
        await Client.ExpectAsync("354 ");
    }

    /// <summary>A whole message, up to the question to the partition.</summary>
    private protected async Task<EnqueueMessage> SendMessageAsync()
    {
        await BeginMessageAsync();
        await Client.SendAsync(Content);
        return await Partition.ExpectMsgAsync<EnqueueMessage>();
    }

    /// <summary>The connection says nothing more, and ends.</summary>
    protected async Task ExpectClosedAsync(IActorRef connection)
    {
        Watch(connection);
        await ExpectTerminatedAsync(connection);
        Assert.Equal("", await Client.ReadToEndAsync());
    }
}
