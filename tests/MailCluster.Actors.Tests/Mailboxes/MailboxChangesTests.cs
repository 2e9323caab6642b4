using Akka.Actor;
using Akka.TestKit;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Tests.Mailboxes;

/// <summary>One writer for all sessions of an account, who tells everybody what has changed.</summary>
public sealed class MailboxChangesTests : VirtualTimeKit
{
    private static readonly AccountId Account = new(7);
    private static readonly FolderId Box = new(3);
    private static readonly UidSet One = UidSet.Of(new UidRange(new Uid(1), new Uid(1)));

    private readonly ScriptedFolders _folders = new();
    private readonly ScriptedMailboxes _copies = new();
    private readonly List<BodyId> _bodies = [];
    private readonly IActorRef _mailbox;
    private readonly TestProbe _watcher;

    public MailboxChangesTests()
    {
        _mailbox = ChildActorOf(MailboxActor.Props(
            Account, new MailboxServices(_copies, _folders, TimeSpan.FromMinutes(2)) { Stored = _bodies.Add }));
        _watcher = CreateTestProbe("watcher");
    }

    private static MailboxChange Store => new MailboxChange.StoreFlags(
        Box, One, new FlagsChange(FlagsAction.Add, MessageFlags.Seen, []));

    private static FlagsResult Stored(long modseq) => new(
        FolderOutcome.Done, modseq, [new FlaggedUids(MessageFlags.Seen, [], One)], UidSet.Empty, modseq - 1);

    [Fact]
    public async Task A_change_is_answered_with_what_the_store_said()
    {
        Answer(Stored(5));
        _mailbox.Tell(new ChangeMailbox(Account, 17, Store), TestActor);

        var changed = await ExpectMsgAsync<MailboxChanged>();
        Assert.Equal((17L, 5L), (changed.Request, ((FlagsResult)changed.Result).ModSeq));
        Assert.Equal(["store 1 Add Seen"], _folders.Calls);
    }

    [Fact]
    public async Task A_message_that_came_in_is_to_be_searched_and_one_that_did_not_is_not()
    {
        var kept = new AppendEntry(new BodyId(1), 10, "", MessageFlags.None, [], DateTimeOffset.UnixEpoch);
        var refused = kept with { Body = new BodyId(2) };
        Answer(new AppendResult(FolderOutcome.Done, Box, new UidValidity(1), One, 5, 4));
        Answer(new AppendResult(FolderOutcome.OverQuota));
        _mailbox.Tell(new ChangeMailbox(Account, 1, new MailboxChange.Append(FolderName.Inbox, [kept])), TestActor);
        _mailbox.Tell(new ChangeMailbox(Account, 2, new MailboxChange.Append(FolderName.Inbox, [refused])), TestActor);

        await ExpectMsgAsync<MailboxChanged>();
        await ExpectMsgAsync<MailboxChanged>();
        Assert.Equal([kept.Body], _bodies);
    }

    [Fact]
    public async Task A_second_change_waits_for_the_first()
    {
        var first = new TaskCompletionSource<ChangeResult>();
        _folders.Answers.Enqueue(() => first.Task);
        Answer(Stored(6));
        _mailbox.Tell(new ChangeMailbox(Account, 1, Store), TestActor);
        _mailbox.Tell(new ChangeMailbox(Account, 2, new MailboxChange.Expunge(Box, One)), TestActor);
        await SettleAsync(_mailbox);
        Assert.Single(_folders.Calls);

        first.SetResult(Stored(5));
        Assert.Equal(1, (await ExpectMsgAsync<MailboxChanged>()).Request);
        await AwaitConditionAsync(() => Task.FromResult(_folders.Calls.Count == 2), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_change_that_is_asked_for_again_while_it_waits_is_done_once()
    {
        var first = new TaskCompletionSource<ChangeResult>();
        _folders.Answers.Enqueue(() => first.Task);
        Answer(Stored(6));
        Answer(Stored(7));
        var other = CreateTestProbe("other");
        _mailbox.Tell(new ChangeMailbox(Account, 1, Store), TestActor);
        _mailbox.Tell(new ChangeMailbox(Account, 1, Store), other);
        _mailbox.Tell(new ChangeMailbox(Account, 1, Store), TestActor);
        first.SetResult(Stored(5));

        Assert.Equal(1, (await ExpectMsgAsync<MailboxChanged>()).Request);
        await other.ExpectMsgAsync<MailboxChanged>();
        await SettleAsync(_mailbox);
        Assert.Equal(2, _folders.Calls.Count);
        _mailbox.Tell(new ChangeMailbox(Account, 2, Store), TestActor);
        Assert.Equal(2, (await ExpectMsgAsync<MailboxChanged>()).Request);
    }

    [Fact]
    public async Task A_store_that_fails_is_told_and_the_next_change_is_tried()
    {
        _folders.Answers.Enqueue(() => Task.FromException<ChangeResult>(new InvalidOperationException("disk")));
        Answer(Stored(5));
        _mailbox.Tell(new ChangeMailbox(Account, 1, Store), TestActor);
        _mailbox.Tell(new ChangeMailbox(Account, 2, Store), TestActor);

        Assert.Equal(1, (await ExpectMsgAsync<MailboxChangeFailed>()).Request);
        Assert.Equal(2, (await ExpectMsgAsync<MailboxChanged>()).Request);
    }

    [Fact]
    public async Task Who_watches_hears_of_a_change_before_who_made_it_has_the_answer()
    {
        await WatchAsync(_watcher);
        Answer(Stored(5));
        _mailbox.Tell(new ChangeMailbox(Account, 1, Store), _watcher);

        Assert.Equal(new MailboxNotice(Account, Box, 5), await _watcher.ExpectMsgAsync<MailboxNotice>());
        await _watcher.ExpectMsgAsync<MailboxChanged>();
    }

    [Fact]
    public async Task A_move_is_told_of_both_folders()
    {
        await WatchAsync(_watcher);
        Answer(new CopyResult(FolderOutcome.Done, new FolderId(4), new UidValidity(1), One, One, 8, 9, 7));
        _mailbox.Tell(new ChangeMailbox(Account, 1, new MailboxChange.Move(Box, One, FolderName.Parse("Trash"))), TestActor);

        Assert.Equal(new MailboxNotice(Account, new FolderId(4), 8), await _watcher.ExpectMsgAsync<MailboxNotice>());
        Assert.Equal(new MailboxNotice(Account, Box, 9), await _watcher.ExpectMsgAsync<MailboxNotice>());
    }

    [Fact]
    public async Task Names_subscriptions_and_annotations_are_told_without_a_folder()
    {
        await WatchAsync(_watcher);
        MailboxChange[] changes =
        [
            new MailboxChange.CreateFolder(FolderName.Parse("New"), null),
            new MailboxChange.Subscribe(FolderName.Parse("New"), true),
            new MailboxChange.Annotate(FolderName.Parse("New"), []),
        ];
        foreach (var change in changes)
        {
            Answer(change is MailboxChange.Annotate
                ? new AnnotationResult(FolderOutcome.Done, 7)
                : new FolderChange(FolderOutcome.Done, Box));
            _mailbox.Tell(new ChangeMailbox(Account, 1, change), TestActor);
            await ExpectMsgAsync<MailboxChanged>();
            Assert.Equal(new MailboxNotice(Account, default, 0), await _watcher.ExpectMsgAsync<MailboxNotice>());
        }
    }

    [Fact]
    public async Task A_replacement_is_told_of_both_folders()
    {
        await WatchAsync(_watcher);
        Answer(new ReplaceResult(
            FolderOutcome.Done,
            new AppendResult(FolderOutcome.Done, new FolderId(4), new UidValidity(1), One, 8, 7),
            new ExpungeResult(FolderOutcome.Done, One, 9, 5)));
        var entry = new AppendEntry(default, 1, "", MessageFlags.None, [], default);
        _mailbox.Tell(
            new ChangeMailbox(Account, 1, new MailboxChange.Replace(Box, new Uid(1), FolderName.Parse("Sent"), entry)), TestActor);

        Assert.Equal(new MailboxNotice(Account, new FolderId(4), 8), await _watcher.ExpectMsgAsync<MailboxNotice>());
        Assert.Equal(new MailboxNotice(Account, Box, 9), await _watcher.ExpectMsgAsync<MailboxNotice>());
        Assert.Equal(["replace 1 Sent"], _folders.Calls);
    }

    [Fact]
    public async Task What_changed_nothing_is_told_to_nobody()
    {
        await WatchAsync(_watcher);
        Answer(new FlagsResult(FolderOutcome.Done, 0, [], UidSet.Empty));
        _mailbox.Tell(new ChangeMailbox(Account, 1, Store), TestActor);
        await ExpectMsgAsync<MailboxChanged>();

        await _watcher.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task What_another_account_asks_for_is_done_under_its_rights_and_told_alike()
    {
        await WatchAsync(_watcher);
        Answer(Stored(5));
        Answer(new ExpungeResult(FolderOutcome.Done, One, 6, 5));
        _mailbox.Tell(new ChangeMailboxAs(Account, new AccountId(9), 1, Store), TestActor);
        _mailbox.Tell(new ChangeMailboxAs(Account, new AccountId(9), 2, new MailboxChange.Remove(Box, One)), TestActor);

        Assert.Equal(1, (await ExpectMsgAsync<MailboxChanged>()).Request);
        Assert.Equal(2, (await ExpectMsgAsync<MailboxChanged>()).Request);
        Assert.Equal(["StoreFlags of 7 as 9", "Remove of 7 as 9"], _folders.Calls);
        Assert.Equal(new MailboxNotice(Account, Box, 5), await _watcher.ExpectMsgAsync<MailboxNotice>());
        Assert.Equal(new MailboxNotice(Account, Box, 6), await _watcher.ExpectMsgAsync<MailboxNotice>());
    }

    [Fact]
    public async Task Who_watches_looks_again_when_rights_have_changed()
    {
        await WatchAsync(_watcher);
        Answer(new FolderChange(FolderOutcome.Done, Box));
        _mailbox.Tell(
            new ChangeMailboxAs(Account, Account, 1, new MailboxChange.SetRights(
                FolderName.Inbox, new AccessIdentifier(default, false), FlagsAction.Replace, FolderRights.Read)),
            TestActor);

        await ExpectMsgAsync<MailboxChanged>();
        Assert.Equal(new MailboxNotice(Account, default, 0), await _watcher.ExpectMsgAsync<MailboxNotice>());
    }

    [Fact]
    public async Task A_delivery_is_told_too()
    {
        await WatchAsync(_watcher);
        _mailbox.Tell(new Copies(Account, Time).Next(), TestActor);
        (await _copies.NextAsync()).Succeed();

        await ExpectMsgAsync<CopyStored>();
        await _watcher.ExpectMsgAsync<MailboxNotice>();
    }

    [Fact]
    public async Task Who_is_gone_or_does_not_want_to_hear_any_more_is_told_nothing()
    {
        var other = CreateTestProbe("other");
        await WatchAsync(_watcher);
        await WatchAsync(other);
        _mailbox.Tell(new UnwatchMailbox(Account), _watcher);
        Sys.Stop(other);
        await SettleAsync(_mailbox);
        Answer(Stored(5));
        _mailbox.Tell(new ChangeMailbox(Account, 1, Store), TestActor);

        await ExpectMsgAsync<MailboxChanged>();
        await _watcher.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_flood_of_changes_is_refused_at_its_end_and_the_rest_is_done()
    {
        const int Waiting = 1_000;
        var first = new TaskCompletionSource<ChangeResult>();
        _folders.Answers.Enqueue(() => first.Task);
        for (var i = 0; i < Waiting + 2; i++)
        {
            Answer(Stored(i + 6));
            _mailbox.Tell(new ChangeMailbox(Account, i, Store), TestActor);
        }

        Assert.Equal(Waiting + 1, (await ExpectMsgAsync<MailboxChangeFailed>()).Request);
        first.SetResult(Stored(5));
        for (var i = 0; i <= Waiting; i++)
        {
            Assert.Equal(i, (await ExpectMsgAsync<MailboxChanged>()).Request);
        }
    }

    private void Answer(ChangeResult result) => _folders.Answers.Enqueue(() => Task.FromResult(result));

    private async Task WatchAsync(TestProbe probe)
    {
        _mailbox.Tell(new WatchMailbox(Account), probe);
        Assert.Equal(Account, (await probe.ExpectMsgAsync<MailboxWatched>()).Account);
        Assert.Equal(_mailbox, probe.LastSender);
    }
}
