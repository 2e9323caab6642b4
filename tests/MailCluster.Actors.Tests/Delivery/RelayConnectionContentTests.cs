using Akka.Actor;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Envelopes;
using MailCluster.Queue;
using MailCluster.Storage;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>Content that cannot be read, or must be made fit for the next hop first (RFC 6152 §3).</summary>
public sealed class RelayConnectionContentTests : RelayConnectionKit
{
    private const string EightBit =
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n";

    [Fact]
    public async Task A_next_hop_with_8bitmime_gets_the_content_as_it_is()
    {
        var attempt = await StartAsync(null, "8BITMIME");
        await Hop.AnswerAsync("MAIL FROM:<a@b.example> BODY=8BITMIME", "250 ok");
        Assert.Contains("Gr\u00fc\u00dfe", await Hop.TakeRestAsync(), StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Relayed, Assert.Single(await ExpectOutcomesAsync(attempt)).Kind);
    }

    [Fact]
    public async Task A_next_hop_without_8bitmime_gets_converted_content()
    {
        var attempt = await StartAsync();
        await Peer.ExpectAsync("MAIL FROM:<a@b.example>");
        await Peer.SendAsync("250 ok\r\n");
        var content = await Hop.TakeRestAsync();

        Assert.True(System.Text.Ascii.IsValid(content));
        Assert.Contains(Convert.ToBase64String("Gr\u00fc\u00dfe\r\n"u8), content, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Relayed, Assert.Single(await ExpectOutcomesAsync(attempt)).Kind);
        await ExpectMsgAsync<RelayReady>();
    }

    [Fact]
    public async Task What_was_converted_for_one_message_is_not_sent_with_the_next()
    {
        var attempt = await StartAsync();
        await Hop.TakeMessageAsync();
        await ExpectOutcomesAsync(attempt);
        await ExpectMsgAsync<RelayReady>();

        LastSender.Tell(new StartTransaction(Attempts.To("x@example.org")));
        Assert.Contains("..a line that begins", await Hop.TakeMessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_converted_fails_and_the_connection_goes_on()
    {
        var attempt = await StartAsync(new RelaySettings { MaxConvertedSize = 10 });
        var outcome = Assert.Single(await ExpectOutcomesAsync(attempt));
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.StartsWith("554 5.6.3 ", outcome.Reply.ToString(), StringComparison.Ordinal);

        await ExpectMsgAsync<RelayReady>();
        LastSender.Tell(new StartTransaction(Attempts.To("x@example.org")));
        await Hop.TakeMessageAsync();
    }

    [Fact]
    public async Task A_spool_that_fails_while_content_is_converted_is_no_verdict_on_the_message()
    {
        Spool.FailReads = new StorageException("disk I/O error");
        var attempt = await StartAsync();
        await ExpectAllDeferredAsync(attempt);

        Spool.FailReads = null;
        await ExpectMsgAsync<RelayReady>();
        LastSender.Tell(new StartTransaction(Attempts.To("x@example.org")));
        await Hop.TakeMessageAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("421 4.3.2 going down\r\n")]
    [InlineData("250 nobody asked\r\n")]
    [InlineData("554 nobody asked\r\n")]
    public async Task A_next_hop_that_goes_while_content_is_converted_defers_the_message_once(string lastWord)
    {
        Spool.HoldReads = new TaskCompletionSource();
        var attempt = await StartAsync();
        var relay = LastSender;
        await Peer.SendAsync(lastWord);
        Hop.Transport.HangUp();

        await ExpectAllDeferredAsync(attempt);
        Spool.HoldReads.SetResult();
        await ExpectEndedAsync(relay);
    }

    [Fact]
    public async Task Content_that_cannot_be_read_to_its_end_aborts_the_connection_before_the_final_dot()
    {
        Spool.FailReads = new StorageException("disk I/O error");
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("x@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.AnswerAsync("MAIL FROM:", "250 ok");
        await Hop.AnswerAsync("RCPT TO:", "250 ok");
        await Hop.AnswerAsync("DATA", "354 go on");

        await ExpectAllDeferredAsync(attempt);
        await ExpectEndedAsync(relay);
        Assert.True(Hop.Transport.IsAborted);
        Assert.DoesNotContain("\r\n.\r\n", await Peer.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_in_the_spool_aborts_the_connection()
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("x@example.org");
        Spool.Bodies.Clear();
        relay.Tell(new StartTransaction(attempt));
        await Hop.AnswerAsync("MAIL FROM:", "250 ok");
        await Hop.AnswerAsync("RCPT TO:", "250 ok");
        await Hop.AnswerAsync("DATA", "354 go on");

        await ExpectAllDeferredAsync(attempt);
        await ExpectEndedAsync(relay);
        Assert.True(Hop.Transport.IsAborted);
        Assert.Equal("", await Peer.ReadToEndAsync());
    }

    private async Task<AttemptDelivery> StartAsync(RelaySettings? settings = null, params string[] keywords)
    {
        var relay = await BeginReadyAsync(settings, keywords);
        var attempt = Attempts.Make(EightBit, BodyType.EightBitMime, "x@example.org");
        relay.Tell(new StartTransaction(attempt));
        return attempt;
    }
}
