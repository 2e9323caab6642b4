using Akka.Actor;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>Login, store and Mailbox: what a session makes of their answers, and of none.</summary>
public sealed class ImapMailboxTests : ImapConnectionKit
{
    [Fact]
    public async Task The_greeting_tells_what_there_is()
    {
        Begin();
        var greeting = await Client.ReadLineAsync("the greeting");

        Assert.StartsWith("* OK [CAPABILITY IMAP4rev1 ", greeting, StringComparison.Ordinal);
        Assert.EndsWith("] mail.hamburger.edu MailCluster ready", greeting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_passwords_end_the_session_at_last()
    {
        var connection = await BeginGreetedAsync();
        for (var i = 0; i < 3; i++)
        {
            await SayAsync("a LOGIN chris@hamburger.edu wrong", i < 2 ? "a NO [AUTHENTICATIONFAILED] " : "* BYE ");
        }

        await Client.ExpectAsync("a NO [AUTHENTICATIONFAILED] ");
        await ExpectClosedAsync(connection);
    }

    [Fact]
    public async Task A_directory_that_fails_is_no_wrong_password()
    {
        await BeginGreetedAsync();
        Directory.Failure = new StorageException("disk I/O error");
        await SayAsync("a LOGIN chris@hamburger.edu secret", "a NO [UNAVAILABLE] ");
        Directory.Failure = null;
        await SayAsync("b LOGIN chris@hamburger.edu secret", "b OK ");
    }

    [Fact]
    public async Task A_mailbox_is_opened_when_its_changes_are_watched()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("s SELECT INBOX\r\n");
        await ExpectWatchAsync();
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MailboxWatched(Chris), Mailbox);

        await ExpectTaggedAsync("s OK ");
    }

    [Fact]
    public async Task A_mailbox_that_does_not_answer_is_asked_again_and_at_last_given_up()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("s SELECT INBOX\r\n");
        for (var waited = TimeSpan.Zero; waited < AskTimeout; waited += AskRetry)
        {
            await ExpectWatchAsync();
            await SettleAsync(connection);
            Client.ExpectSilence();
            Advance(AskRetry);
        }

        await Client.ExpectAsync("s NO [UNAVAILABLE] ");
        await SayAsync("t NOOP", "t OK ");
    }

    [Fact]
    public async Task A_change_that_may_be_repeated_is_asked_for_again()
    {
        Deliver("one\r\n");
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("x STORE 1 +FLAGS.SILENT (\\Seen)\r\n");
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        await SettleAsync(connection);
        Advance(AskRetry);
        Assert.Equal(question, await Mailbox.ExpectMsgAsync<ChangeMailbox>());
        connection.Tell(new MailboxChanged(question.Request, new FlagsResult(FolderOutcome.Done, 0, [], UidSet.Empty)));
        await Client.ExpectAsync("x OK ");
        connection.Tell(new MailboxChanged(question.Request, new FlagsResult(FolderOutcome.Done, 0, [], UidSet.Empty)));

        await SayAsync("y NOOP", "y OK ");
    }

    [Fact]
    public async Task A_change_that_may_not_is_given_up_where_no_answer_comes()
    {
        Deliver("one\r\n");
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("x EXPUNGE\r\n");
        await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        for (var waited = TimeSpan.Zero; waited < AskTimeout; waited += AskRetry)
        {
            await SettleAsync(connection);
            Client.ExpectSilence();
            Advance(AskRetry);
        }

        await Client.ExpectAsync("x NO [UNAVAILABLE] ");
        await Mailbox.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_mailbox_that_cannot_write_says_no()
    {
        Deliver("one\r\n");
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("x STORE 1 +FLAGS.SILENT (\\Seen)\r\n");
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        connection.Tell(new MailboxChangeFailed(question.Request));

        await Client.ExpectAsync("x NO [UNAVAILABLE] ");
        await SayAsync("y NOOP", "y OK ");
    }

    [Fact]
    public async Task A_store_that_fails_says_no_and_the_session_goes_on()
    {
        Deliver("one\r\n");
        await BeginSelectedAsync();
        Folders.FailReads = new StorageException("disk I/O error");
        await SayAsync("f FETCH 1 FLAGS", "f NO [UNAVAILABLE] ");
        Folders.FailReads = null;
        await SayAsync("g FETCH 1 UID", "* 1 FETCH (UID 1)");
        await Client.ExpectAsync("g OK ");
    }

    [Fact]
    public async Task A_message_that_cannot_be_spooled_is_refused_and_its_octets_are_dropped()
    {
        await BeginLoggedInAsync();
        Spool.FailNextCommit = new StorageException("disk full");
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\nq NOOP\r\n");

        await Client.ExpectAsync("p NO [UNAVAILABLE] ");
        await Client.ExpectAsync("q OK ");
        await Mailbox.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_message_is_let_go_of_when_its_mailbox_has_it_and_nobody_waits_for_that()
    {
        Spool.HoldReleases = new TaskCompletionSource();
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        await AnswerWatchAsync(connection);
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        var append = Assert.IsType<MailboxChange.Append>(question.Change);
        Assert.Equal("hello"u8.ToArray(), Spool.Bodies[append.Entries[0].Body]);
        Assert.Empty(Spool.Released);
        connection.Tell(new MailboxChanged(question.Request, new AppendResult(
            FolderOutcome.Done, SmallFolders.InboxId, new UidValidity(1), UidSet.Of([new Uid(1)]), 2)));

        await Client.ExpectAsync("p OK [APPENDUID 1 1] ");
        Spool.HoldReleases.SetResult();
        await AwaitAssertAsync(() => Assert.Equal([append.Entries[0].Body], Spool.Released));
    }
}
