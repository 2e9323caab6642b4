using System.Security.Authentication;
using Akka.Actor;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Mailboxes;

namespace MailCluster.Actors.Tests.Connections.Pop3;

/// <summary>How a session ends that the client does not end: time-outs, a service that stops, a failed handshake.</summary>
public sealed class Pop3EndTests : Pop3ConnectionKit
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_idle_client_is_sent_away_after_ten_minutes_and_nothing_is_removed()
    {
        Deliver("one\r\n");
        var connection = await BeginLoggedInAsync();
        await SayAsync("DELE 1", "+OK ");
        await SettleAsync(connection);
        Advance(IdleTimeout - TimeSpan.FromSeconds(1));
        await SettleAsync(connection);
        Client.ExpectSilence();
        Advance(TimeSpan.FromSeconds(16));

        await Client.ExpectAsync("-ERR idle");
        await ExpectClosedAsync(connection);
        await Mailbox.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Every_command_has_its_ten_minutes()
    {
        var connection = await BeginLoggedInAsync();
        foreach (var command in (string[])["NOOP", "STAT", "RSET", "NOOP"])
        {
            await SettleAsync(connection);
            Advance(9 * Minute);
            await SettleAsync(connection);
            await SayAsync(command, "+OK");
        }
    }

    [Fact]
    public async Task An_octet_now_and_then_is_no_command()
    {
        var connection = await BeginLoggedInAsync();
        foreach (var octet in "NOOP")
        {
            await SettleAsync(connection);
            Advance(2 * Minute);
            await SettleAsync(connection);
            Client.ExpectSilence();
            await Client.SendAsync($"{octet}");
        }

        await SettleAsync(connection);
        Advance(2 * Minute);
        await Client.ExpectAsync("-ERR idle");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_message_is_cut_off()
    {
        Deliver(string.Concat(Enumerable.Repeat("a line\r\n", 100_000)));
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("RETR 1\r\n");
        var seen = await Transport.PeerInput.ReadAsync(); // it has come, and stays where it is
        Transport.PeerInput.AdvanceTo(seen.Buffer.Start);
        await SettleAsync(connection);
        Advance(IdleTimeout);

        await WithinPatienceAsync(Transport.Closed, "the end of the connection");
        Assert.True(Transport.IsAborted);
    }

    [Fact]
    public async Task A_service_that_stops_says_so_between_commands()
    {
        var connection = await BeginLoggedInAsync();
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);

        await Client.ExpectAsync("-ERR [SYS/TEMP] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_removal_under_way_is_waited_for()
    {
        Deliver("one\r\n");
        var connection = await BeginLoggedInAsync();
        await SayAsync("DELE 1", "+OK ");
        await Client.SendAsync("QUIT\r\n");
        await Mailbox.ExpectMsgAsync<ExpungeMessages>();
        connection.Tell(ServiceStopping.Instance);
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MessagesExpunged(true));

        await Client.ExpectAsync("+OK bye");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_session_whose_mailbox_is_gone_ends_and_removes_nothing()
    {
        Deliver("one\r\n");
        var connection = await BeginLoggedInAsync();
        await SayAsync("DELE 1", "+OK ");
        Sys.Stop(Mailbox);

        await Client.ExpectAsync("-ERR [SYS/TEMP] ");
        await ExpectClosedAsync(connection);
        Assert.True(Store.IsQuiet);
    }

    [Fact]
    public async Task A_removal_that_quit_has_begun_is_not_given_up_with_the_mailbox()
    {
        Deliver("one\r\n");
        var connection = await BeginLoggedInAsync();
        await SayAsync("DELE 1", "+OK ");
        await Client.SendAsync("QUIT\r\n");
        await Mailbox.ExpectMsgAsync<ExpungeMessages>();
        Watch(Mailbox);
        Sys.Stop(Mailbox);
        await ExpectTerminatedAsync(Mailbox);
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MessagesExpunged(true)); // of the next incarnation

        await Client.ExpectAsync("+OK bye");
    }

    [Fact]
    public async Task What_came_in_plaintext_behind_stls_is_never_read()
    {
        await BeginGreetedAsync();
        await Client.SendAsync("STLS\r\nUSER injected\r\n");
        await Client.ExpectAsync("+OK begin TLS");
        await SayAsync("PASS secret", "-ERR send USER first");
    }

    [Fact]
    public async Task A_handshake_that_fails_ends_the_connection_without_a_word()
    {
        Transport.HandshakeFailure = new AuthenticationException("no shared cipher");
        var connection = await BeginGreetedAsync();
        await SayAsync("STLS", "+OK ");

        await ExpectClosedAsync(connection);
    }
}
