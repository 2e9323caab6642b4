using Akka.Actor;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Envelopes;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>RFC 5321 §3.8: whenever the connection goes, each recipient is deferred, and told so once.</summary>
public sealed class RelayConnectionLossTests : RelayConnectionKit
{
    /// <summary>What the next hop waits for, and what it says then; it is lost before one of them.</summary>
    private static readonly (string Command, string Reply)[] Dialog =
    [
        ("MAIL FROM:", "250 ok"), ("RCPT TO:<one@", "250 ok"), ("RCPT TO:<two@", "250 ok"), ("DATA", "354 go on"),
    ];

    public static TheoryData<int, string> Stages
    {
        get
        {
            var stages = new TheoryData<int, string>();
            for (var answered = 0; answered <= Dialog.Length; answered++)
            {
                stages.Add(answered, "end of the stream");
                stages.Add(answered, "reset");
                stages.Add(answered, "421");
            }

            return stages;
        }
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_connection_that_is_lost_defers_each_recipient_once(int answered, string how)
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("one@example.org", "two@example.org");
        relay.Tell(new StartTransaction(attempt));
        foreach (var (command, reply) in Dialog.Take(answered))
        {
            await Hop.AnswerAsync(command, reply);
        }

        await Peer.ExpectAsync(answered < Dialog.Length ? Dialog[answered].Command : "Subject: test");
        await LoseAsync(how);

        await ExpectAllDeferredAsync(attempt);
        Assert.True((await ExpectEndedAsync(relay)).WasReady);
    }

    [Fact]
    public async Task What_was_refused_before_the_connection_is_lost_stays_refused()
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("unknown@example.org", "known@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.AnswerAsync("MAIL FROM:", "250 ok");
        await Hop.AnswerAsync("RCPT TO:<unknown@", "550 5.1.1 unknown");
        await Peer.ExpectAsync("RCPT TO:<known@");
        Hop.Transport.HangUp();

        var outcomes = await ExpectOutcomesAsync(attempt);
        Assert.Equal([OutcomeKind.Failed, OutcomeKind.Deferred], outcomes.Select(o => o.Kind));
        await ExpectEndedAsync(relay);
    }

    [Fact]
    public async Task A_next_hop_that_hangs_up_while_much_content_is_on_its_way_has_not_taken_it()
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.Make(Lines(100_000), BodyType.SevenBit, "x@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.AnswerAsync("MAIL FROM:", "250 ok");
        await Hop.AnswerAsync("RCPT TO:", "250 ok");
        await Hop.AnswerAsync("DATA", "354 go on");
        await Peer.ReadLineAsync("content");
        Hop.Transport.HangUp();

        await ExpectAllDeferredAsync(attempt);
        await ExpectEndedAsync(relay);
    }

    [Fact]
    public async Task A_connection_lost_behind_the_250_does_not_take_the_outcome_back()
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("x@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.TakeMessageAsync();
        Hop.Transport.HangUp();

        Assert.Equal(OutcomeKind.Relayed, Assert.Single(await ExpectOutcomesAsync(attempt)).Kind);
        await ExpectMsgAsync<RelayReady>();
        await ExpectEndedAsync(relay);
    }

    [Fact]
    public async Task A_connection_that_is_stopped_from_outside_defers_what_it_had()
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("x@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Peer.ExpectAsync("MAIL FROM:");
        Sys.Stop(relay);

        await ExpectAllDeferredAsync(attempt);
        await ExpectEndedAsync(relay);
    }

    private async Task LoseAsync(string how)
    {
        if (how == "421")
        {
            await Peer.SendAsync("421 4.3.2 going down\r\n");
        }
        else
        {
            Hop.Transport.HangUp(how == "reset" ? new IOException("connection reset by peer") : null);
        }
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("a line of text\r\n", count));
}
