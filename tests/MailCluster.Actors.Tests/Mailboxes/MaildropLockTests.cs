using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Tests.Mailboxes;

/// <summary>RFC 1939 §3: one session has the maildrop, for as long as it lives.</summary>
public sealed class MaildropLockTests : VirtualTimeKit
{
    private static readonly AccountId Account = new(7);

    private readonly IActorRef _mailbox;
    private readonly TestProbe _first;
    private readonly TestProbe _second;

    public MaildropLockTests()
    {
        _mailbox = ChildActorOf(MailboxActor.Props(
            Account, new MailboxServices(new ScriptedMailboxes(), new ScriptedFolders(), TimeSpan.FromMinutes(2))));
        _first = CreateTestProbe("first");
        _second = CreateTestProbe("second");
    }

    [Fact]
    public async Task One_session_at_a_time_has_the_maildrop()
    {
        Assert.True(await LockAsync(_first));
        Assert.False(await LockAsync(_second));
        Assert.True(await LockAsync(_first)); // a repeat of the question
    }

    [Fact]
    public async Task Who_does_not_have_the_lock_removes_nothing()
    {
        Assert.True(await LockAsync(_first));
        _mailbox.Tell(new ExpungeMessages(Account, [new Uid(1)]), _second);

        Assert.False((await _second.ExpectMsgAsync<MessagesExpunged>()).Succeeded);
    }

    [Fact]
    public async Task The_lock_goes_with_the_session_that_had_it()
    {
        Assert.True(await LockAsync(_first));
        Sys.Stop(_first);

        await AwaitConditionAsync(() => LockAsync(_second), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_end_of_a_session_without_the_lock_releases_nothing()
    {
        Assert.True(await LockAsync(_first));
        Assert.False(await LockAsync(_second));
        Watch(_second);
        Sys.Stop(_second);
        await ExpectTerminatedAsync(_second);
        await SettleAsync(_mailbox);

        Assert.False(await LockAsync(CreateTestProbe("third")));
    }

    [Fact]
    public async Task A_locked_mailbox_stays_and_goes_after_its_session()
    {
        Assert.True(await LockAsync(_first));
        Advance(TimeSpan.FromMinutes(2));
        await SettleAsync(_mailbox);
        await ExpectNoMsgAsync(TimeSpan.Zero);

        Sys.Stop(_first);
        await AwaitConditionAsync(() => LockAsync(_second), TimeSpan.FromSeconds(10));
        Watch(_second);
        Sys.Stop(_second);
        await ExpectTerminatedAsync(_second);
        await AwaitConditionAsync(
            async () =>
            {
                Advance(TimeSpan.FromMinutes(2));
                await SettleAsync(_mailbox);
                return HasMessages;
            },
            TimeSpan.FromSeconds(10));
        await ExpectMsgAsync<Passivate>();
    }

    private async Task<bool> LockAsync(TestProbe session)
    {
        _mailbox.Tell(new LockMaildrop(Account), session);
        return (await session.ExpectMsgAsync<MaildropLockAnswer>()).Locked;
    }
}
