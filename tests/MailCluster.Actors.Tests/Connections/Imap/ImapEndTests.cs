using System.Security.Authentication;
using Akka.Actor;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>How a session ends that the client does not end: time-outs, a service that stops, a message that breaks off.</summary>
public sealed class ImapEndTests : ImapConnectionKit
{
    /// <summary>More than pipe and session hold back, so that sending it waits for its reader.</summary>
    private static readonly string Large = string.Concat(Enumerable.Repeat("a line\r\n", 100_000));

    [Fact]
    public async Task A_client_that_does_not_log_in_is_sent_away()
    {
        var connection = await BeginGreetedAsync();
        await SettleAsync(connection);
        Advance(LoginTimeout);

        await Client.ExpectAsync("* BYE Idle");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_client_that_is_logged_in_has_half_an_hour()
    {
        var connection = await BeginLoggedInAsync();
        await SettleAsync(connection);
        Advance(IdleTimeout - TimeSpan.FromSeconds(1));
        await SettleAsync(connection);
        Client.ExpectSilence();
        Advance(TimeSpan.FromSeconds(16));

        await Client.ExpectAsync("* BYE Idle");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_message_is_cut_off()
    {
        Deliver(Large);
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("f FETCH 1 BODY.PEEK[]\r\n");
        await PeekAsync();
        await SettleAsync(connection);
        Advance(IdleTimeout);

        await WithinPatienceAsync(Transport.Closed, "the end of the connection");
        Assert.True(Transport.IsAborted);
    }

    [Fact]
    public async Task A_literal_that_breaks_off_ends_the_connection_and_no_response_follows_it()
    {
        Deliver(Large);
        var connection = await BeginSelectedAsync();
        Spool.FailReads = new StorageException("disk I/O error");
        Watch(connection);
        await Client.SendAsync("f FETCH 1 BODY.PEEK[]\r\ng NOOP\r\n");

        var sent = await Client.ReadToEndAsync();
        Assert.StartsWith("* 1 FETCH (BODY[] {800000}\r\n", sent, StringComparison.Ordinal);
        Assert.EndsWith("a line\r\n", sent, StringComparison.Ordinal);
        await ExpectTerminatedAsync(connection);
    }

    [Fact]
    public async Task A_service_that_stops_says_so_between_commands()
    {
        var connection = await BeginSelectedAsync();
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);

        await Client.ExpectAsync("* BYE [UNAVAILABLE] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_client_in_idle_is_told_at_once()
    {
        var connection = await BeginIdlingAsync();
        connection.Tell(ServiceStopping.Instance);

        await Client.ExpectAsync("* BYE [UNAVAILABLE] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_command_that_was_not_sent_to_its_end_is_not_waited_for()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("b LIST \"\" {10}\r\n");
        await Client.ExpectAsync("+ ");
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);

        await Client.ExpectAsync("* BYE [UNAVAILABLE] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_command_under_way_has_its_tagged_answer_first()
    {
        Deliver("one\r\n");
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("x STORE 1 +FLAGS.SILENT (\\Seen)\r\n");
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        connection.Tell(ServiceStopping.Instance);
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MailboxChanged(question.Request, new FlagsResult(FolderOutcome.Done, 0, [], UidSet.Empty)));

        await Client.ExpectAsync("x OK ");
        await Client.ExpectAsync("* BYE [UNAVAILABLE] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_message_that_is_being_sent_goes_out_whole()
    {
        Deliver(Large);
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("f FETCH 1 BODY.PEEK[]\r\n");
        await PeekAsync();
        connection.Tell(ServiceStopping.Instance);
        await SettleAsync(connection);
        Watch(connection);

        var sent = await Client.ReadToEndAsync();
        Assert.StartsWith("* 1 FETCH (BODY[] {800000}\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("a line\r\n)\r\nf OK Done\r\n* BYE [UNAVAILABLE] ", sent, StringComparison.Ordinal);
        await ExpectTerminatedAsync(connection);
    }

    [Fact]
    public async Task Responses_that_the_client_has_not_taken_yet_are_waited_for()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Deliver("one\r\n");
        }

        var connection = await BeginSelectedAsync();
        await Client.SendAsync("f FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE EMAILID)\r\n");
        await PeekAsync();
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);
        await SettleAsync(connection);
        Assert.False(Transport.Closed.IsCompleted);

        Assert.Equal(1_000, await ExpectTaggedAsync("f OK "));
        await Client.ExpectAsync("* BYE [UNAVAILABLE] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_message_that_is_being_appended_comes_to_its_end()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("p APPEND INBOX {11}\r\n");
        await Client.ExpectAsync("+ ");
        await Client.SendAsync("half ");
        await SettleAsync(connection);
        connection.Tell(ServiceStopping.Instance);
        await SettleAsync(connection);
        Client.ExpectSilence();
        await Client.SendAsync("of it\n\r\n");
        await AnswerWatchAsync(connection);
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        connection.Tell(new MailboxChanged(question.Request, new AppendResult(
            FolderOutcome.Done, Fakes.SmallFolders.InboxId, new UidValidity(1), UidSet.Of([new Uid(1)]), 2)));

        await Client.ExpectAsync("p OK [APPENDUID 1 1] ");
        await Client.ExpectAsync("* BYE [UNAVAILABLE] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_message_that_is_never_sent_to_its_end_is_not_kept()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("p APPEND INBOX {11}\r\n");
        await Client.ExpectAsync("+ ");
        await Client.SendAsync("half ");
        await SettleAsync(connection);
        Watch(connection);
        Transport.HangUp();

        await ExpectTerminatedAsync(connection);
        await Mailbox.ExpectNoMsgAsync(TimeSpan.Zero);
        Assert.Empty(Spool.Bodies);
    }

    [Fact]
    public async Task What_came_in_plaintext_behind_starttls_is_never_read()
    {
        await BeginGreetedAsync();
        await Client.SendAsync("a STARTTLS\r\nb LOGIN chris@hamburger.edu secret\r\n");
        await Client.ExpectAsync("a OK ");
        await SayAsync("c SELECT INBOX", "c BAD Log in first");
    }

    [Fact]
    public async Task A_handshake_that_fails_ends_the_connection_without_a_word()
    {
        Transport.HandshakeFailure = new AuthenticationException("no shared cipher");
        var connection = await BeginGreetedAsync();
        await SayAsync("a STARTTLS", "a OK ");

        await ExpectClosedAsync(connection);
    }

    /// <summary>Something has come, and stays where it is.</summary>
    private async Task PeekAsync()
    {
        var seen = await Transport.PeerInput.ReadAsync();
        Transport.PeerInput.AdvanceTo(seen.Buffer.Start);
    }
}
