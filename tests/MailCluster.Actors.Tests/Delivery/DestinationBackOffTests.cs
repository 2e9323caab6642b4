using MailCluster.Actors.Delivery;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>A next hop that cannot be reached is left alone for a while, and all that waits hears why.</summary>
public sealed class DestinationBackOffTests : DestinationKit
{
    [Fact]
    public async Task A_dead_host_is_learnt_once_for_all_that_waits()
    {
        Connector.Kill("192.0.2.1");
        var destination = Begin(new RelaySettings { MaxConnections = 1 });
        var attempts = Try(destination, 20);
        for (var i = 0; i < attempts.Length; i++)
        {
            var outcome = await ExpectAnswerAsync(attempts);
            Assert.Equal(OutcomeKind.Deferred, outcome.Kind);
            Assert.Equal("421 4.4.1 mx.example.org[192.0.2.1]:25: connection refused", outcome.Reply.ToString());
        }

        Assert.Single(Connector.Dials);
        await ExpectKindAsync(OutcomeKind.Deferred, Try(destination));
        Assert.Single(Connector.Dials);
    }

    [Fact]
    public async Task The_rest_doubles_with_each_failure_and_ends_with_a_success()
    {
        Connector.Kill("192.0.2.1");
        var destination = Begin();
        foreach (var minutes in (int[])[1, 2, 4])
        {
            var dials = Connector.Dials.Count;
            await ExpectKindAsync(OutcomeKind.Deferred, Try(destination));
            Assert.Equal(dials + 1, Connector.Dials.Count);
            Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            await ExpectKindAsync(OutcomeKind.Deferred, Try(destination));
            Assert.Equal(dials + 1, Connector.Dials.Count);
            Advance(TimeSpan.FromSeconds(1));
        }

        Connector.Revive("192.0.2.1");
        (await DeliverOneAsync(destination)).Transport.HangUp();
        Connector.Kill("192.0.2.1");
        await ExpectKindAsync(OutcomeKind.Deferred, await TryWithoutConnectionAsync());
        Advance(TimeSpan.FromMinutes(1));
        Connector.Revive("192.0.2.1");
        await DeliverOneAsync(destination);

        async Task<AttemptDelivery> TryWithoutConnectionAsync()
        {
            await AwaitConditionAsync(
                () => Task.FromResult(!((Akka.Actor.ActorRefWithCell)destination).Children.Any()), TimeSpan.FromSeconds(10));
            return Try(destination);
        }
    }

    [Fact]
    public async Task A_connector_that_fails_in_an_unknown_way_is_a_dead_host_too()
    {
        Connector.Kill("192.0.2.1", new InvalidOperationException("no buffer space available"));
        var destination = Begin();

        await ExpectKindAsync(OutcomeKind.Deferred, Try(destination));
    }

    [Fact]
    public async Task Where_another_connection_works_a_failed_dial_defers_nothing()
    {
        var destination = Begin();
        var attempts = Try(destination, 1);
        var hop = await Connector.NextAsync();
        await hop.GreetAsync();
        await hop.AnswerAsync("MAIL FROM:", "250 ok");
        Connector.Kill("192.0.2.1");
        attempts = [.. attempts, .. Try(destination, 1)];
        await SettleAsync(destination);

        await hop.TakeRestAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, attempts);
        await hop.TakeMessageAsync();
        await ExpectKindAsync(OutcomeKind.Relayed, attempts);
    }

    [Fact]
    public async Task A_dns_that_does_not_answer_defers_and_is_asked_again_after_the_rest()
    {
        Dns.MxFails("example.org");
        var destination = Begin();
        var outcome = await ExpectAnswerAsync(Try(destination));
        Assert.Equal(OutcomeKind.Deferred, outcome.Kind);
        Assert.StartsWith("451 4.4.3 ", outcome.Reply.ToString(), StringComparison.Ordinal);

        Dns.Mx("example.org", (10, "mx.example.org"));
        await ExpectKindAsync(OutcomeKind.Deferred, Try(destination));
        Advance(TimeSpan.FromMinutes(1));
        await DeliverOneAsync(destination);
    }

    [Fact]
    public async Task A_domain_that_takes_no_mail_fails_what_waits_and_is_looked_up_for_the_next()
    {
        Dns.Mx("example.org", (0, ""));
        var destination = Begin();
        var outcome = await ExpectAnswerAsync(Try(destination));
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.StartsWith("556 5.1.10 ", outcome.Reply.ToString(), StringComparison.Ordinal);

        Dns.Mx("example.org", (10, "mx.example.org"));
        await DeliverOneAsync(destination);
    }
}
