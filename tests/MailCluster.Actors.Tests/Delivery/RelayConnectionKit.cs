using System.Net;
using Akka.Actor;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Queue;
using MailCluster.Smtp.Client;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>One connection to a scripted next hop; the test stands in for the Destination.</summary>
public abstract class RelayConnectionKit : VirtualTimeKit
{
    private static readonly RelayHost Host = new("mx.example.org", new IPEndPoint(IPAddress.Parse("192.0.2.1"), 25));

    protected RelayConnectionKit(bool waitsForReader = false)
    {
        Hop = new NextHopDialog(new PipeTransport(waitsForReader));
        Attempts = new Attempts(Spool, Time);
    }

    private protected MemorySpool Spool { get; } = new();

    private protected NextHopDialog Hop { get; }

    private protected Attempts Attempts { get; }

    private protected PeerDialog Peer => Hop.Peer;

    protected IActorRef Begin(RelaySettings? settings = null, TlsPolicy tls = TlsPolicy.Opportunistic)
    {
        var options = new SmtpClientOptions { HeloName = DomainName.Parse("mail.hamburger.edu"), Tls = tls };
        return ChildActorOf(RelayConnectionActor.Props(
            Hop.Transport, Host, options, settings ?? new RelaySettings(), Spool, Time));
    }

    /// <summary>A connection that was greeted and waits for an attempt.</summary>
    protected async Task<IActorRef> BeginReadyAsync(RelaySettings? settings = null, params string[] keywords)
    {
        var relay = Begin(settings);
        await Hop.GreetAsync(keywords);
        await ExpectMsgAsync<RelayReady>();
        return relay;
    }

    /// <summary>The outcomes of an attempt, and that they are for the recipients it has, each once.</summary>
    private protected async Task<RecipientOutcome[]> ExpectOutcomesAsync(AttemptDelivery attempt)
    {
        var finished = await ExpectMsgAsync<AttemptFinished>();
        Assert.Equal(attempt, finished.Attempt);
        Assert.Equal(attempt.Recipients.Select(r => r.Index), finished.Outcomes.Select(o => o.Recipient));
        return [.. finished.Outcomes];
    }

    private protected async Task ExpectAllDeferredAsync(AttemptDelivery attempt)
    {
        foreach (var outcome in await ExpectOutcomesAsync(attempt))
        {
            Assert.Equal(OutcomeKind.Deferred, outcome.Kind);
            Assert.True(outcome.Reply.IsTransient, $"Deferred with a reply that is not transient: {outcome.Reply}");
        }
    }

    /// <summary>The connection's last word, and nothing behind it.</summary>
    private protected async Task<RelayEnded> ExpectEndedAsync(IActorRef relay)
    {
        var ended = await ExpectMsgAsync<RelayEnded>();
        Watch(relay);
        await ExpectTerminatedAsync(relay);
        await ExpectNoMsgAsync(TimeSpan.Zero);
        return ended;
    }
}
