using Akka.Actor;

namespace MailCluster.Actors.Tests.Connections.Smtp;

/// <summary>RFC 5321 §4.5.3.2.7: five minutes for the next command, ten for the next piece of content.</summary>
public sealed class SmtpTimeoutTests : SmtpConnectionKit
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_client_that_says_nothing_hears_421_after_five_minutes()
    {
        var connection = await BeginGreetedAsync();
        await ExpectTimeoutAsync(connection, 5 * Minute);
    }

    [Fact]
    public async Task A_client_that_never_begins_is_sent_away_too()
    {
        var connection = Begin();
        await Client.ExpectAsync("220 ");
        await ExpectTimeoutAsync(connection, 5 * Minute);
    }

    [Fact]
    public async Task Every_command_has_its_five_minutes()
    {
        var connection = await BeginGreetedAsync();
        foreach (var (command, reply) in ((string, string)[])
            [
                ("NOOP", "250 "), ("EHLO client.example", "250 "), ("BAD", "500 "), ("MAIL FROM:<a@b.example>", "250 "),
                ("RCPT TO:<chris@hamburger.edu>", "250 "), ("RSET", "250 "), ("NOOP", "250 "),
            ])
        {
            await SettleAsync(connection);
            Advance(4 * Minute);
            await SettleAsync(connection);
            await SayAsync(command, reply);
        }

        await ExpectTimeoutAsync(connection, 5 * Minute);
    }

    [Fact]
    public async Task An_octet_now_and_then_is_no_command()
    {
        var connection = await BeginGreetedAsync();
        await DripAsync(connection, "NOOP", Minute);
        Advance(Minute);

        await Client.ExpectAsync("421 4.4.2 ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task An_octet_now_and_then_is_no_content()
    {
        var connection = await BeginGreetedAsync();
        await BeginMessageAsync();
        await DripAsync(connection, "Subject:\r", Minute);
        Advance(Minute);

        await Client.ExpectAsync("421 4.4.2 ");
        await ExpectClosedAsync(connection);
        await Partition.ExpectNoMsgAsync(TimeSpan.Zero);
        Assert.Empty(Spool.Bodies);
    }

    [Fact]
    public async Task Content_has_ten_minutes_for_each_piece()
    {
        var connection = await BeginGreetedAsync();
        await BeginMessageAsync();
        var piece = string.Concat(Enumerable.Repeat("a line of thirty two octets....\r\n", 1000));
        for (var i = 0; i < 5; i++)
        {
            await SettleAsync(connection);
            Advance(9 * Minute);
            await SettleAsync(connection);
            await Client.SendAsync(piece);
        }

        await Client.SendAsync(".\r\n");
        await Partition.ExpectMsgAsync<MailCluster.Queue.EnqueueMessage>();
    }

    private async Task DripAsync(IActorRef connection, string octets, TimeSpan interval)
    {
        foreach (var octet in octets)
        {
            await SettleAsync(connection);
            Advance(interval);
            await SettleAsync(connection);
            Client.ExpectSilence();
            await Client.SendAsync($"{octet}");
        }
    }

    /// <summary>Not a second before, and then by 421.</summary>
    private async Task ExpectTimeoutAsync(IActorRef connection, TimeSpan timeout)
    {
        await SettleAsync(connection);
        Advance(timeout - TimeSpan.FromSeconds(1));
        await SettleAsync(connection);
        Client.ExpectSilence();
        Advance(TimeSpan.FromSeconds(16));
        await Client.ExpectAsync("421 4.4.2 ");
        await ExpectClosedAsync(connection);
    }
}
