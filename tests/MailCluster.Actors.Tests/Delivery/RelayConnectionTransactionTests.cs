using System.Security.Authentication;
using Akka.Actor;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Queue;
using MailCluster.Smtp.Client;

namespace MailCluster.Actors.Tests.Delivery;

public sealed class RelayConnectionTransactionTests() : RelayConnectionKit(waitsForReader: true)
{
    [Fact]
    public async Task Each_recipient_of_a_transaction_gets_the_outcome_of_its_own_reply()
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("taken@example.org", "busy@example.org", "unknown@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.AnswerAsync("MAIL FROM:<a@b.example>", "250 ok");
        await Hop.AnswerAsync("RCPT TO:<taken@example.org>", "250 ok");
        await Hop.AnswerAsync("RCPT TO:<busy@example.org>", "450 4.2.1 busy");
        await Hop.AnswerAsync("RCPT TO:<unknown@example.org>", "550 5.1.1 unknown");
        await Hop.AnswerAsync("DATA", "354 go on");
        Assert.Equal("Subject: test\r\n\r\n..a line that begins with a dot", await Hop.ReadContentAsync());
        await Peer.SendAsync("250 2.0.0 taken\r\n");

        var outcomes = await ExpectOutcomesAsync(attempt);
        Assert.Equal([OutcomeKind.Relayed, OutcomeKind.Deferred, OutcomeKind.Failed], outcomes.Select(o => o.Kind));
        Assert.Equal(
            ["250 2.0.0 taken", "450 4.2.1 busy", "550 5.1.1 unknown"], outcomes.Select(o => o.Reply.ToString()));
        Assert.All(outcomes, o => Assert.Equal("mx.example.org[192.0.2.1]:25", o.Remote));
        await ExpectMsgAsync<RelayReady>();
    }

    [Fact]
    public async Task With_pipelining_the_envelope_goes_out_at_once_and_a_hop_with_dsn_sends_the_notices()
    {
        var relay = await BeginReadyAsync(null, "PIPELINING", "DSN");
        var attempt = Attempts.To("one@example.org", "two@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Peer.ExpectAsync("MAIL FROM:");
        await Peer.ExpectAsync("RCPT TO:<one@");
        await Peer.ExpectAsync("RCPT TO:<two@");
        await Hop.AnswerAsync("DATA", "250 ok\r\n550 no\r\n250 ok\r\n354 go on");
        await Hop.ReadContentAsync();
        await Peer.SendAsync("250 taken\r\n");

        var outcomes = await ExpectOutcomesAsync(attempt);
        Assert.Equal([OutcomeKind.Failed, OutcomeKind.Delivered], outcomes.Select(o => o.Kind));
    }

    [Fact]
    public async Task Where_nobody_was_accepted_no_content_is_sent_and_the_connection_goes_on()
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("unknown@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.AnswerAsync("MAIL FROM:", "250 ok");
        await Hop.AnswerAsync("RCPT TO:", "550 unknown");
        await Hop.AnswerAsync("RSET", "250 ok");
        Assert.Equal(OutcomeKind.Failed, Assert.Single(await ExpectOutcomesAsync(attempt)).Kind);

        await ExpectMsgAsync<RelayReady>();
        var second = Attempts.To("known@example.org");
        relay.Tell(new StartTransaction(second));
        await Hop.TakeMessageAsync();
        Assert.Equal(OutcomeKind.Relayed, Assert.Single(await ExpectOutcomesAsync(second)).Kind);
    }

    [Fact]
    public async Task A_connection_that_carried_enough_says_goodbye_and_gives_back_what_it_is_given()
    {
        var relay = await BeginReadyAsync(new RelaySettings { MessagesPerConnection = 1 });
        var attempt = Attempts.To("x@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.TakeMessageAsync();
        await ExpectOutcomesAsync(attempt);
        await Peer.ExpectAsync("QUIT");

        var late = Attempts.To("y@example.org");
        relay.Tell(new StartTransaction(late));
        Assert.Equal(late, (await ExpectMsgAsync<AttemptReturned>()).Attempt);
        await Peer.SendAsync("221 bye\r\n");
        Assert.True((await ExpectEndedAsync(relay)).Quitting);
    }

    [Fact]
    public async Task Half_a_line_from_an_idle_next_hop_does_not_make_the_connection_ready_twice()
    {
        var relay = await BeginReadyAsync();
        await Peer.SendAsync("421 clos"); // and it has been read
        await Peer.SendAsync("ing\r\n");

        var ended = await ExpectMsgAsync<RelayEnded>(); // and no RelayReady before it
        Assert.Equal("421 closing", ended.Reply.ToString());
        Assert.True(ended.WasReady);
    }

    [Theory]
    [InlineData("421 4.3.2 too busy", "421 4.3.2 too busy")]
    [InlineData("554 5.7.1 not you", "421 4.4.2 Next hop said: 554 5.7.1 not you")]
    public async Task A_next_hop_that_does_not_greet_us_was_never_ready_and_says_nothing_about_a_message(
        string greeting, string reply)
    {
        var relay = Begin();
        await Peer.SendAsync($"{greeting}\r\n");

        var ended = await ExpectEndedAsync(relay);
        Assert.False(ended.WasReady);
        Assert.Equal(reply, ended.Reply.ToString());
    }

    [Fact]
    public async Task The_session_begins_anew_under_tls()
    {
        var relay = Begin();
        await Hop.GreetAsync("STARTTLS");
        await Hop.AnswerAsync("STARTTLS", "220 go on");
        await Hop.AnswerEhloAsync();
        await ExpectMsgAsync<RelayReady>();

        Assert.Equal("TLS1.3 TEST", Hop.Transport.TlsDescription);
        var attempt = Attempts.To("x@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.TakeMessageAsync();
        await ExpectOutcomesAsync(attempt);
    }

    [Theory]
    [MemberData(nameof(HandshakeFailures))]
    public async Task A_handshake_that_fails_in_whatever_way_is_told_as_such(Exception failure)
    {
        Hop.Transport.HandshakeFailure = failure;
        var relay = Begin();
        await Hop.GreetAsync("STARTTLS");
        await Hop.AnswerAsync("STARTTLS", "220 go on");

        var ended = await ExpectEndedAsync(relay);
        Assert.True(ended.TlsFailed);
        Assert.False(ended.WasReady);
        Assert.True(ended.Reply.IsTransient);
    }

    public static TheoryData<Exception> HandshakeFailures =>
    [
        new AuthenticationException("no shared cipher"),
        new IOException("unexpected end of the stream"),
    ];

    [Fact]
    public async Task Where_tls_is_required_and_not_offered_the_connection_is_no_use()
    {
        var relay = Begin(tls: TlsPolicy.Required);
        await Hop.GreetAsync();

        var ended = await ExpectEndedAsync(relay);
        Assert.False(ended.WasReady);
        Assert.Equal("454 4.7.11 TLS is required and not available", ended.Reply.ToString());
    }
}
