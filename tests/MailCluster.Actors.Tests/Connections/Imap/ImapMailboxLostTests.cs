using Akka.Actor;
using Akka.Dispatch.SysMsg;
using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>The Mailbox that a client's changes go to is no more, while one of them is under way.</summary>
public sealed class ImapMailboxLostTests : ImapConnectionKit
{
    [Fact]
    public async Task A_change_that_may_not_be_repeated_fails_at_once_when_the_node_is_lost()
    {
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        await Mailbox.ExpectMsgAsync<ChangeMailbox>();

        Lose(connection, withItsNode: true);

        await Client.ExpectAsync("p NO [UNAVAILABLE] ");
        await ExpectWatchAsync();
        await SayAsync("q NOOP", "q OK ");
        Assert.Empty(Spool.Released); // the Mailbox may have taken it
    }

    [Fact]
    public async Task A_change_that_may_not_be_repeated_is_sent_when_a_mailbox_has_answered()
    {
        var connection = await BeginSelectedAsync();
        Lose(connection, withItsNode: true);
        await ExpectWatchAsync(); // which the node that was lost may have got as well
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        await ExpectWatchAsync();
        await SettleAsync(connection);
        Advance(AskRetry);
        await AnswerWatchAsync(connection);

        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();
        Lose(connection, withItsNode: true);
        await ExpectTaggedAsync("p NO [UNAVAILABLE] ");
        Assert.IsType<MailboxChange.Append>(question.Change);
    }

    [Fact]
    public async Task A_change_is_given_up_in_time_when_no_mailbox_answers()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        for (var waited = TimeSpan.Zero; waited < AskTimeout; waited += AskRetry)
        {
            await ExpectWatchAsync();
            await SettleAsync(connection);
            Advance(AskRetry);
        }

        await Client.ExpectAsync("p NO [UNAVAILABLE] ");
        connection.Tell(new MailboxWatched(Chris), Incarnation); // too late
        await SettleAsync(connection);
        await Mailbox.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_message_stays_that_a_mailbox_was_asked_to_take_when_its_client_went_away()
    {
        var connection = await BeginSelectedAsync();
        Watch(connection);
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        await Mailbox.ExpectMsgAsync<ChangeMailbox>();

        connection.Tell(PoisonPill.Instance);

        await ExpectMsgAsync<Terminated>();
        Assert.Empty(Spool.Released);
    }

    [Fact]
    public async Task A_change_that_may_be_repeated_waits_for_the_next_mailbox()
    {
        Deliver("one\r\n");
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("x STORE 1 +FLAGS.SILENT (\\Seen)\r\n");
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();

        Lose(connection, withItsNode: true);
        await ExpectWatchAsync();
        await SettleAsync(connection);
        Client.ExpectSilence();
        Advance(AskRetry);

        Assert.Equal(question, await Mailbox.ExpectMsgAsync<ChangeMailbox>());
        connection.Tell(new MailboxChanged(question.Request, new FlagsResult(FolderOutcome.Done, 0, [], UidSet.Empty)));
        await Client.ExpectAsync("x OK ");
    }

    [Fact]
    public async Task A_mailbox_that_moves_passes_on_what_it_was_asked()
    {
        var connection = await BeginSelectedAsync();
        await Client.SendAsync("p APPEND INBOX {5+}\r\nhello\r\n");
        var question = await Mailbox.ExpectMsgAsync<ChangeMailbox>();

        Lose(connection, withItsNode: false);
        await ExpectWatchAsync();
        await SettleAsync(connection);
        Client.ExpectSilence();
        connection.Tell(new MailboxChanged(question.Request, new AppendResult(
            FolderOutcome.Done, Fakes.SmallFolders.InboxId, new UidValidity(1), UidSet.Of([new Uid(1)]), 2)));

        await ExpectTaggedAsync("p OK [APPENDUID 1 1] ");
    }

    /// <summary>As the failure detector, or the actor itself, tells who watches it.</summary>
    private void Lose(IActorRef connection, bool withItsNode) => ((IInternalActorRef)connection).SendSystemMessage(
        new DeathWatchNotification(Incarnation, existenceConfirmed: true, addressTerminated: withItsNode));
}
