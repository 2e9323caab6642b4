using Akka.Actor;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage;

namespace MailCluster.Actors.Tests.Connections.Pop3;

/// <summary>Lock, list, read, remove: what a session does with its maildrop.</summary>
public sealed class Pop3MaildropTests : Pop3ConnectionKit
{
    [Fact]
    public async Task The_login_is_answered_when_the_maildrop_is_locked_and_listed()
    {
        Deliver("Subject: one\r\n\r\n.dot\r\n");
        var connection = await BeginGreetedAsync();
        var question = await LogInAsync("chris");
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MaildropLockAnswer(question.Account, true), Mailbox);

        await Client.ExpectAsync("+OK 1 messages, 50 octets");
        await SayAsync("RETR 1", "+OK 50 octets");
        foreach (var line in (string[])["Return-Path: <a@b.example>", "Subject: one", "", "..dot", "."])
        {
            Assert.Equal(line, await Client.ReadLineAsync(line));
        }
    }

    [Fact]
    public async Task A_maildrop_of_another_session_is_in_use()
    {
        var connection = await BeginGreetedAsync();
        var question = await LogInAsync("chris");
        connection.Tell(new MaildropLockAnswer(question.Account, false), Mailbox);

        await Client.ExpectAsync("-ERR [IN-USE] ");
        await SayAsync("STAT", "-ERR ");
    }

    [Fact]
    public async Task A_maildrop_that_cannot_be_listed_is_not_opened()
    {
        Store.FailReads = new StorageException("disk I/O error");
        var connection = await BeginGreetedAsync();
        var question = await LogInAsync("chris");
        connection.Tell(new MaildropLockAnswer(question.Account, true), Mailbox);

        await Client.ExpectAsync("-ERR [SYS/TEMP] ");
    }

    [Fact]
    public async Task A_mailbox_that_does_not_answer_is_asked_again_and_at_last_given_up()
    {
        var connection = await BeginGreetedAsync();
        var question = await LogInAsync("chris");
        for (var waited = AskRetry; waited < AskTimeout; waited += AskRetry)
        {
            await SettleAsync(connection);
            Client.ExpectSilence();
            Advance(AskRetry);
            Assert.Equal(question, await Mailbox.ExpectMsgAsync<LockMaildrop>());
        }

        await SettleAsync(connection);
        Advance(AskRetry);
        await Client.ExpectAsync("-ERR [SYS/TEMP] ");
        await SayAsync("STAT", "-ERR ");
    }

    /// <summary>The lock of one maildrop is none of another's.</summary>
    [Fact]
    public async Task A_late_answer_about_one_maildrop_does_not_open_another()
    {
        var connection = await BeginGreetedAsync();
        var given = await LogInAsync("chris");
        for (var waited = TimeSpan.Zero; waited < AskTimeout; waited += AskRetry)
        {
            await SettleAsync(connection);
            Advance(AskRetry);
        }

        await Client.ExpectAsync("-ERR [SYS/TEMP] ");
        while (Mailbox.HasMessages)
        {
            await Mailbox.ReceiveOneAsync(TimeSpan.Zero);
        }

        var question = await LogInAsync("dana");
        connection.Tell(new MaildropLockAnswer(given.Account, true), Mailbox);
        connection.Tell(new MaildropLockAnswer(question.Account, false), Mailbox);
        await Client.ExpectAsync("-ERR [IN-USE] ");
    }

    [Fact]
    public async Task Marked_messages_are_removed_at_quit_and_the_client_hears_it_when_they_are()
    {
        Deliver("one\r\n");
        Deliver("two\r\n");
        var connection = await BeginLoggedInAsync();
        await SayAsync("DELE 2", "+OK ");
        await Client.SendAsync("QUIT\r\n");
        var question = await Mailbox.ExpectMsgAsync<ExpungeMessages>();
        Assert.Equal(SmallDirectory.IdOf("chris"), question.Account);
        Assert.Equal([new Uid(2)], question.Uids.AsEnumerable());
        await SettleAsync(connection);
        Client.ExpectSilence();
        Advance(AskRetry);
        await Mailbox.ExpectMsgAsync<ExpungeMessages>();
        connection.Tell(new MessagesExpunged(true));

        await Client.ExpectAsync("+OK bye");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task What_could_not_be_removed_the_client_hears()
    {
        Deliver("one\r\n");
        var connection = await BeginLoggedInAsync();
        await SayAsync("DELE 1", "+OK ");
        await Client.SendAsync("QUIT\r\n");
        await Mailbox.ExpectMsgAsync<ExpungeMessages>();
        connection.Tell(new MessagesExpunged(false));

        await Client.ExpectAsync("-ERR [SYS/TEMP] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_client_that_hangs_up_without_quit_removes_nothing()
    {
        Deliver("one\r\n");
        var connection = await BeginLoggedInAsync();
        await SayAsync("DELE 1", "+OK ");
        Watch(connection);
        Transport.HangUp();

        await ExpectTerminatedAsync(connection);
        await Mailbox.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_body_that_is_gone_is_an_error_and_the_session_goes_on()
    {
        Deliver("one\r\n");
        await BeginLoggedInAsync();
        Spool.Bodies.Clear();
        await SayAsync("RETR 1", "-ERR [SYS/TEMP] ");
        await SayAsync("NOOP", "+OK");
    }

    [Fact]
    public async Task A_body_that_fails_half_way_ends_the_connection_before_the_final_dot()
    {
        Deliver("half of it, and the other half\r\n");
        var connection = await BeginLoggedInAsync();
        Spool.FailReads = new StorageException("disk I/O error");
        await SayAsync("RETR 1", "+OK ");
        Watch(connection);
        await ExpectTerminatedAsync(connection);

        Assert.DoesNotContain("\r\n.\r\n", await Client.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
