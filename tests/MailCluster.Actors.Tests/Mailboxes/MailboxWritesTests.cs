using Akka.Actor;
using Akka.Cluster.Sharding;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Tests.Mailboxes;

/// <summary>One write at a time, the next one gathered meanwhile, and no answer before its write is durable.</summary>
public sealed class MailboxWritesTests : VirtualTimeKit
{
    private static readonly AccountId Account = new(7);

    private readonly ScriptedMailboxes _store = new();
    private readonly Copies _copies;
    private readonly IActorRef _mailbox;

    public MailboxWritesTests()
    {
        _copies = new Copies(Account, Time);
        _mailbox = ChildActorOf(MailboxActor.Props(Account, new MailboxServices(_store, new ScriptedFolders(), TimeSpan.FromMinutes(2))));
    }

    [Fact]
    public async Task Nothing_is_answered_before_it_is_durable()
    {
        _mailbox.Tell(_copies.Next(), TestActor);
        var write = await _store.NextAsync();
        await SettleAsync(_mailbox);
        await ExpectNoMsgAsync(TimeSpan.Zero);
        write.Succeed();

        Assert.Equal(CopyOutcome.Stored, (await ExpectMsgAsync<CopyStored>()).Outcome);
    }

    [Fact]
    public async Task What_comes_in_during_a_write_is_the_next_one_together()
    {
        _mailbox.Tell(_copies.Next(), TestActor);
        var first = await _store.NextAsync();
        for (var i = 0; i < 201; i++)
        {
            _mailbox.Tell(_copies.Next(), TestActor);
        }

        await SettleAsync(_mailbox);
        Assert.True(_store.IsQuiet);
        first.Succeed();
        var second = await _store.NextAsync();
        second.Succeed();
        var third = await _store.NextAsync();
        third.Succeed();

        Assert.Equal((1, 200, 1), (first.Copies.Length, second.Copies.Length, third.Copies.Length));
        for (var attempt = 1; attempt <= 202; attempt++)
        {
            Assert.Equal(attempt, (await ExpectMsgAsync<CopyStored>()).Attempt);
        }
    }

    [Fact]
    public async Task Each_copy_of_a_batch_has_its_own_outcome()
    {
        _mailbox.Tell(_copies.Next(), TestActor);
        var first = await _store.NextAsync();
        for (var i = 0; i < 3; i++)
        {
            _mailbox.Tell(_copies.Next(), TestActor);
        }

        await SettleAsync(_mailbox);
        first.Succeed();
        (await _store.NextAsync()).Answer.SetResult(
            [StoreOutcome.AlreadyStored, StoreOutcome.OverQuota, StoreOutcome.NoSuchAccount]);

        foreach (var expected in (CopyOutcome[])
            [CopyOutcome.Stored, CopyOutcome.Stored, CopyOutcome.OverQuota, CopyOutcome.NoSuchAccount])
        {
            Assert.Equal(expected, (await ExpectMsgAsync<CopyStored>()).Outcome);
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_store_that_fails_is_told_and_the_next_write_is_tried(Exception failure)
    {
        _mailbox.Tell(_copies.Next(), TestActor);
        (await _store.NextAsync()).Answer.SetException(failure);
        Assert.Equal(CopyOutcome.StoreFailed, (await ExpectMsgAsync<CopyStored>()).Outcome);

        _mailbox.Tell(new ExpungeMessages(Account, [new Uid(1)]), TestActor);
        (await _store.NextAsync()).Answer.SetException(failure);
        Assert.False((await ExpectMsgAsync<MessagesExpunged>()).Succeeded);

        _mailbox.Tell(_copies.Next(), TestActor);
        (await _store.NextAsync()).Succeed();
        Assert.Equal(CopyOutcome.Stored, (await ExpectMsgAsync<CopyStored>()).Outcome);
    }

    public static TheoryData<Exception> Failures =>
        [new StorageException("disk I/O error"), new ObjectDisposedException("connection")];

    [Fact]
    public async Task A_client_that_waits_for_its_removal_goes_before_copies_that_wait()
    {
        _mailbox.Tell(_copies.Next(), TestActor);
        var first = await _store.NextAsync();
        _mailbox.Tell(_copies.Next(), TestActor);
        _mailbox.Tell(new ExpungeMessages(Account, [new Uid(1), new Uid(2)]), TestActor);
        await SettleAsync(_mailbox);
        first.Succeed();

        var second = await _store.NextAsync();
        Assert.Equal([new Uid(1), new Uid(2)], second.Expunged.AsEnumerable());
        second.Succeed();
        Assert.Single((await _store.NextAsync()).Copies);
    }

    [Fact]
    public async Task A_mailbox_that_moves_writes_what_waits_and_then_stops()
    {
        _mailbox.Tell(_copies.Next(), TestActor);
        var first = await _store.NextAsync();
        _mailbox.Tell(_copies.Next(), TestActor);
        _mailbox.Tell(StopMailbox.Instance);
        await SettleAsync(_mailbox);
        Watch(_mailbox);
        first.Succeed();
        (await _store.NextAsync()).Succeed();

        await ExpectMsgAsync<CopyStored>();
        await ExpectMsgAsync<CopyStored>();
        await ExpectTerminatedAsync(_mailbox);
    }

    [Fact]
    public async Task A_mailbox_that_nobody_needs_asks_to_be_stopped_but_not_while_it_writes()
    {
        _mailbox.Tell(_copies.Next(), TestActor);
        var write = await _store.NextAsync();
        await SettleAsync(_mailbox);
        Advance(TimeSpan.FromMinutes(2));
        await SettleAsync(_mailbox);
        await ExpectNoMsgAsync(TimeSpan.Zero);
        write.Succeed();
        await ExpectMsgAsync<CopyStored>();
        await SettleAsync(_mailbox);
        Advance(TimeSpan.FromMinutes(2));

        Watch(_mailbox);
        _mailbox.Tell((await ExpectMsgAsync<Passivate>()).StopMessage);
        await ExpectTerminatedAsync(_mailbox);
    }
}
