using Akka.Actor;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Envelopes;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

/// <summary>RFC 5321 §4.5.3.2: each phase has its own time-out, and it begins with the phase.</summary>
public sealed class RelayConnectionTimeoutTests : RelayConnectionKit
{
    /// <summary>How late a time-out may be noticed: the interval between two looks.</summary>
    private static readonly TimeSpan Check = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0, 5)] // §4.5.3.2.2: MAIL
    [InlineData(1, 5)] // §4.5.3.2.3: RCPT
    [InlineData(2, 2)] // §4.5.3.2.4: DATA initiation
    [InlineData(3, 10)] // §4.5.3.2.6: DATA termination
    public async Task A_next_hop_that_falls_silent_is_left_when_the_time_of_its_phase_is_over(int answered, int minutes)
    {
        (string Command, string Reply)[] dialog =
            [("MAIL FROM:", "250 ok"), ("RCPT TO:", "250 ok"), ("DATA", "354 go on"), (".", "")];
        var relay = await BeginReadyAsync();
        var attempt = Attempts.To("x@example.org");
        relay.Tell(new StartTransaction(attempt));
        foreach (var (command, reply) in dialog.Take(answered))
        {
            await Hop.AnswerAsync(command, reply);
        }

        await (answered == 3 ? Hop.ReadContentAsync() : Peer.ExpectAsync(dialog[answered].Command));
        await ExpectTimeoutAsync(relay, TimeSpan.FromMinutes(minutes));
        await ExpectAllDeferredAsync(attempt);
        Assert.True((await ExpectEndedAsync(relay)).WasReady);
    }

    [Theory]
    [InlineData(false)] // §4.5.3.2.1: the greeting
    [InlineData(true)] // EHLO
    public async Task A_next_hop_that_never_becomes_ready_is_left_after_five_minutes(bool greets)
    {
        var relay = Begin();
        await SettleAsync(relay);
        if (greets)
        {
            await Peer.SendAsync("220 mx.example.org\r\n");
            await Peer.ExpectAsync("EHLO");
        }

        await ExpectTimeoutAsync(relay, TimeSpan.FromMinutes(5));
        Assert.False((await ExpectEndedAsync(relay)).WasReady);
    }

    [Fact]
    public async Task A_next_hop_that_takes_no_more_content_is_left_after_three_minutes()
    {
        var relay = await BeginReadyAsync();
        var attempt = Attempts.Make(string.Concat(Enumerable.Repeat("a line\r\n", 100_000)), BodyType.SevenBit, "x@example.org");
        relay.Tell(new StartTransaction(attempt));
        await Hop.AnswerAsync("MAIL FROM:", "250 ok");
        await Hop.AnswerAsync("RCPT TO:", "250 ok");
        await Hop.AnswerAsync("DATA", "354 go on");
        var seen = await Hop.Transport.PeerInput.ReadAsync(); // it has come, and stays where it is
        Hop.Transport.PeerInput.AdvanceTo(seen.Buffer.Start);

        await ExpectTimeoutAsync(relay, TimeSpan.FromMinutes(3)); // §4.5.3.2.5
        await ExpectAllDeferredAsync(attempt);
        await ExpectEndedAsync(relay);
    }

    [Fact]
    public async Task A_slow_next_hop_has_the_whole_time_for_each_of_its_replies()
    {
        var relay = Begin();
        await SettleAsync(relay);
        Advance(TimeSpan.FromMinutes(4));
        await Peer.SendAsync("220 mx.example.org\r\n");
        await Peer.ExpectAsync("EHLO");
        Advance(TimeSpan.FromMinutes(4));
        await Peer.SendAsync("250 mx.example.org\r\n");
        await ExpectMsgAsync<RelayReady>();
        var attempt = Attempts.To("one@example.org", "two@example.org");
        relay.Tell(new StartTransaction(attempt));
        foreach (var command in (string[])["MAIL FROM:", "RCPT TO:<one@", "RCPT TO:<two@"])
        {
            await Peer.ExpectAsync(command);
            Advance(TimeSpan.FromMinutes(4));
            await SettleAsync(relay);
            await Peer.SendAsync("250 ok\r\n");
        }

        await Peer.ExpectAsync("DATA");
        Advance(TimeSpan.FromMinutes(1.5));
        await SettleAsync(relay);
        await Peer.SendAsync("354 go on\r\n");
        await Hop.ReadContentAsync();
        Advance(TimeSpan.FromMinutes(9));
        await SettleAsync(relay);
        await Peer.SendAsync("250 taken\r\n");

        Assert.All(await ExpectOutcomesAsync(attempt), o => Assert.Equal(OutcomeKind.Relayed, o.Kind));
    }

    [Fact]
    public async Task An_idle_connection_says_goodbye_and_waits_for_the_answer()
    {
        var relay = await BeginReadyAsync();
        await SettleAsync(relay);
        Advance(TimeSpan.FromSeconds(14));
        await SettleAsync(relay);
        Peer.ExpectSilence();
        Advance(Second);
        await Peer.ExpectAsync("QUIT");
        await Peer.SendAsync("221 bye\r\n");

        var ended = await ExpectEndedAsync(relay);
        Assert.True(ended.Quitting);
        Assert.False(Hop.Transport.IsAborted);
    }

    [Fact]
    public async Task A_goodbye_that_nobody_answers_is_not_waited_for_forever()
    {
        var relay = await BeginReadyAsync();
        await SettleAsync(relay);
        Advance(Check);
        await Peer.ExpectAsync("QUIT");
        await ExpectTimeoutAsync(relay, TimeSpan.FromMinutes(5));

        Assert.True((await ExpectEndedAsync(relay)).Quitting);
    }

    /// <summary>Not a second before, and soon after.</summary>
    private async Task ExpectTimeoutAsync(IActorRef relay, TimeSpan timeout)
    {
        await SettleAsync(relay);
        Advance(timeout - Second);
        await SettleAsync(relay);
        Assert.False(Hop.Transport.Closed.IsCompleted, "The connection ended before its time.");
        Advance(Check);
        await WithinPatienceAsync(Hop.Transport.Closed, $"the end of the connection after {timeout}");
        Assert.True(Hop.Transport.IsAborted);
    }
}
