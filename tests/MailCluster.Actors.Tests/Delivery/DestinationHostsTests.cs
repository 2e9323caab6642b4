using System.Security.Authentication;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>RFC 5321 §5.1: hosts are tried in order until one takes mail; RFC 7435: TLS if it can be had.</summary>
public sealed class DestinationHostsTests : DestinationKit
{
    public DestinationHostsTests() => Dns
        .Mx("example.org", (20, "second.example.org"), (10, "first.example.org"))
        .Address("first.example.org", "192.0.2.11", "192.0.2.12")
        .Address("second.example.org", "192.0.2.20");

    public static TheoryData<Exception> HandshakeFailures =>
    [
        new AuthenticationException("no shared cipher"),
        new IOException("unexpected end of the stream"),
    ];

    [Fact]
    public async Task Addresses_that_do_not_answer_are_passed_over_in_order()
    {
        Connector.Kill("192.0.2.11");
        Connector.Kill("192.0.2.12");
        var destination = Begin();
        await DeliverOneAsync(destination);

        Assert.Equal(["192.0.2.11", "192.0.2.12", "192.0.2.20"], Connector.DialledAddresses);
    }

    [Theory]
    [InlineData("421 too busy\r\n")]
    [InlineData("554 not you\r\n")]
    [InlineData("")]
    public async Task A_host_that_does_not_greet_us_is_passed_over(string greeting)
    {
        var destination = Begin();
        var attempt = Try(destination);
        var first = await Connector.NextAsync();
        await first.Peer.SendAsync(greeting);
        first.Transport.HangUp();

        var second = await Connector.NextAsync();
        await second.GreetAsync();
        await second.TakeMessageAsync();
        var outcome = await ExpectAnswerAsync(attempt);
        Assert.Equal(OutcomeKind.Relayed, outcome.Kind);
        Assert.Equal("first.example.org[192.0.2.12]:25", outcome.Remote);
    }

    [Fact]
    public async Task Where_no_host_is_left_the_last_one_tells_why()
    {
        foreach (var address in (string[])["192.0.2.11", "192.0.2.12", "192.0.2.20"])
        {
            Connector.Kill(address);
        }

        var outcome = await ExpectAnswerAsync(Try(Begin()));
        Assert.Equal(OutcomeKind.Deferred, outcome.Kind);
        Assert.Contains("second.example.org[192.0.2.20]:25", outcome.Reply.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, Connector.Dials.Count);
    }

    [Theory]
    [MemberData(nameof(HandshakeFailures))]
    public async Task A_handshake_that_fails_is_made_up_for_by_the_same_host_without_tls(Exception failure)
    {
        Connector.HandshakeFailure = failure;
        var destination = Begin();
        var attempt = Try(destination);
        var first = await Connector.NextAsync();
        await first.GreetAsync("STARTTLS");
        await first.AnswerAsync("STARTTLS", "220 go on");

        var again = await Connector.NextAsync();
        await again.GreetAsync("STARTTLS");
        await again.TakeMessageAsync(); // in plaintext
        await ExpectKindAsync(OutcomeKind.Relayed, attempt);
        Assert.Equal(["192.0.2.11", "192.0.2.11"], Connector.DialledAddresses);
        Assert.All(Connector.Dials, d => Assert.False(d.Tls.VerifyCertificate));
    }

    [Theory]
    [MemberData(nameof(HandshakeFailures))]
    public async Task Where_tls_is_required_a_handshake_that_fails_is_the_end_of_the_host(Exception failure)
    {
        Connector.HandshakeFailure = failure;
        var destination = Begin(tls: RouteTls.Required);
        var attempt = Try(destination);
        for (var host = 0; host < 3; host++)
        {
            var hop = await Connector.NextAsync();
            await hop.GreetAsync("STARTTLS");
            await hop.AnswerAsync("STARTTLS", "220 go on");
        }

        await ExpectKindAsync(OutcomeKind.Deferred, attempt);
        Assert.Equal(["192.0.2.11", "192.0.2.12", "192.0.2.20"], Connector.DialledAddresses);
        Assert.All(Connector.Dials, d => Assert.True(d.Tls.VerifyCertificate));
    }

    [Fact]
    public async Task Where_tls_is_required_a_host_that_does_not_offer_it_is_passed_over()
    {
        var destination = Begin(tls: RouteTls.Required);
        var attempt = Try(destination);
        await (await Connector.NextAsync()).GreetAsync();
        var second = await Connector.NextAsync();
        await second.GreetAsync("STARTTLS");
        await second.AnswerAsync("STARTTLS", "220 go on");
        await second.AnswerEhloAsync();
        await second.TakeMessageAsync();

        await ExpectKindAsync(OutcomeKind.Relayed, attempt);
    }
}
