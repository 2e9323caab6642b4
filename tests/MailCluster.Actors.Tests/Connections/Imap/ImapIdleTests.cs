using Akka.Actor;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Storage;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>What a client hears of others' changes, and when.</summary>
public sealed class ImapIdleTests : ImapConnectionKit
{
    [Fact]
    public async Task A_change_is_told_at_once_in_idle()
    {
        var connection = await BeginIdlingAsync();
        DeliverAndTell(connection, "one\r\n");

        await Client.ExpectAsync("* 1 EXISTS");
        await SayAsync("DONE", "i OK ");
    }

    [Fact]
    public async Task A_change_is_told_with_the_next_command_out_of_idle()
    {
        var connection = await BeginSelectedAsync();
        DeliverAndTell(connection, "one\r\n");
        await SettleAsync(connection);
        Client.ExpectSilence();

        await SayAsync("b NOOP", "* 1 EXISTS");
        await Client.ExpectAsync("b OK ");
    }

    [Fact]
    public async Task A_change_that_comes_while_another_one_is_read_is_told_behind_it()
    {
        var connection = await BeginIdlingAsync();
        var held = Folders.HoldNews = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reads = Folders.NewsReads;
        DeliverAndTell(connection, "one\r\n");
        await SettleAsync(connection);
        Assert.Equal(reads + 1, Folders.NewsReads);
        DeliverAndTell(connection, "two\r\n");
        await SettleAsync(connection);
        held.SetResult();

        await Client.ExpectAsync("* 1 EXISTS");
        await Client.ExpectAsync("* 2 EXISTS");
    }

    [Fact]
    public async Task Octets_that_come_while_a_change_is_being_sent_wait_until_the_client_has_taken_it()
    {
        var connection = await BeginIdlingAsync();
        var reached = Transport.Gate.CloseAsync();
        DeliverAndTell(connection, "one\r\n");
        await reached;
        await Client.SendAsync("DONE\r\nb NOOP\r\n");
        await SettleAsync(connection);
        Transport.Gate.Open();

        await Client.ExpectAsync("* 1 EXISTS");
        await Client.ExpectAsync("i OK ");
        await Client.ExpectAsync("b OK ");
        Assert.False(Transport.Gate.WasMisused);
    }

    [Fact]
    public async Task Octets_that_come_while_a_change_is_read_wait_for_it()
    {
        var connection = await BeginIdlingAsync();
        var held = Folders.HoldNews = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DeliverAndTell(connection, "one\r\n");
        await SettleAsync(connection);
        await Client.SendAsync("DONE\r\nb FETCH 1 UID\r\n");
        await SettleAsync(connection);
        Client.ExpectSilence();
        Folders.HoldNews = null;
        held.SetResult();

        await Client.ExpectAsync("* 1 EXISTS");
        await Client.ExpectAsync("i OK ");
        await Client.ExpectAsync("* 1 FETCH (UID 1)");
        await Client.ExpectAsync("b OK ");
    }

    [Fact]
    public async Task A_mailbox_that_moves_is_watched_again_and_what_was_missed_is_told()
    {
        var connection = await BeginIdlingAsync();
        Sys.Stop(Incarnation);
        Deliver("one\r\n"); // nobody tells of it
        await ExpectWatchAsync();
        connection.Tell(new MailboxWatched(Chris), CreateTestProbe());

        await Client.ExpectAsync("* 1 EXISTS");
        DeliverAndTell(connection, "two\r\n");
        await Client.ExpectAsync("* 2 EXISTS");
    }

    [Fact]
    public async Task A_mailbox_that_says_look_yourself_makes_the_session_look()
    {
        var connection = await BeginIdlingAsync();
        Deliver("one\r\n");
        connection.Tell(new MailboxNotice(Chris, default, 0), Mailbox);

        await Client.ExpectAsync("* 1 EXISTS");
    }

    [Fact]
    public async Task A_store_that_fails_in_idle_is_asked_again_with_the_next_notice()
    {
        var connection = await BeginIdlingAsync();
        Folders.FailReads = new StorageException("disk I/O error");
        DeliverAndTellFailing(connection);
        await SettleAsync(connection);
        Client.ExpectSilence();
        Folders.FailReads = null;
        connection.Tell(new MailboxNotice(Chris, SmallFolders.InboxId, 1), Mailbox);

        await Client.ExpectAsync("* 1 EXISTS");
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_the_reading_of_its_mailbox()
    {
        for (var i = 0; i < 20_000; i++)
        {
            Deliver("x");
        }

        var connection = await BeginSelectedAsync();
        await Client.SendAsync("f FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE EMAILID)\r\n");
        var seen = await Transport.PeerInput.ReadAsync();
        Transport.PeerInput.AdvanceTo(seen.Buffer.Start);
        await SettleAsync(connection);
        await SettleAsync(connection);
        Assert.InRange(Folders.PageReads, 1, 3); // of 20

        Assert.Equal(20_000, await ExpectTaggedAsync("f OK "));
        Assert.InRange(Folders.PageReads, 20, 21);
    }

    private void DeliverAndTellFailing(IActorRef connection) =>
        connection.Tell(new MailboxNotice(Chris, SmallFolders.InboxId, Deliver("one\r\n")), Mailbox);
}
