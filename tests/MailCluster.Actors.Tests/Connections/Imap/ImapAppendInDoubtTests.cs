using MailCluster.Actors.Mailboxes;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>A Mailbox may take an appended message after nobody waits for it any more: its body must still be there.</summary>
public sealed class ImapAppendInDoubtTests : ImapConnectionKit
{
    [Fact]
    public async Task The_body_of_an_append_without_an_answer_is_kept_when_the_connection_is_cut()
    {
        var connection = await BeginLoggedInAsync();
        Watch(connection);
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        await AnswerWatchAsync(connection);
        await Mailbox.ExpectMsgAsync<ChangeMailbox>();

        Sys.Stop(connection);
        await ExpectTerminatedAsync(connection);

        Assert.Empty(Spool.Released);
        Assert.Single(Spool.Bodies);
    }

    [Fact]
    public async Task The_body_of_an_append_without_an_answer_is_kept_when_it_is_given_up()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        await AnswerWatchAsync(connection);
        await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        for (var waited = TimeSpan.Zero; waited < AskTimeout; waited += AskRetry)
        {
            await SettleAsync(connection);
            Advance(AskRetry);
        }

        await Client.ExpectAsync("p NO [UNAVAILABLE] ");
        Assert.Empty(Spool.Released);
        Assert.Single(Spool.Bodies);
    }

    [Fact]
    public async Task The_body_of_an_append_that_has_failed_is_kept_since_its_commit_may_have_been_the_last_that_was_heard()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        await AnswerWatchAsync(connection);
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        connection.Tell(new MailboxChangeFailed(question.Request), Mailbox);

        await Client.ExpectAsync("p NO [UNAVAILABLE] ");
        Assert.Empty(Spool.Released);
    }
}
