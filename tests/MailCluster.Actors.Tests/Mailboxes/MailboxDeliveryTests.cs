using Akka.Actor;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;
using MailCluster.Queue;
using MailCluster.Storage;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Sqlite;

namespace MailCluster.Actors.Tests.Mailboxes;

/// <summary>A Mailbox over a real store: what becomes of a copy, in the words of the queue.</summary>
public sealed class MailboxDeliveryTests : VirtualTimeKit, IAsyncLifetime
{
    private static readonly MailAddress Address = MailAddress.Parse("chris@hamburger.edu");

    private readonly string _folder = Directory.CreateTempSubdirectory("mailcluster-test-").FullName;
    private MailStorage _storage = null!;
    private AccountId _account;
    private Copies _copies = null!;
    private IActorRef _mailbox = null!;

    public async Task InitializeAsync()
    {
        _storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions(_folder), Time);
        await _storage.Administration.AddDomainAsync(Address.Domain, CancellationToken.None);
        _account = await _storage.Administration.AddAccountAsync(
            Address, ScramVerifier.Create("secret", 4096), quotaBytes: 1000, CancellationToken.None);
        _copies = new Copies(_account, Time);
        _mailbox = ChildActorOf(MailboxActor.Props(
            _account, new MailboxServices(_storage.Mailboxes, _storage.Folders, TimeSpan.FromMinutes(2))));
    }

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_entry_that_is_stored_twice_is_one_message()
    {
        var copy = await SpooledAsync();
        Assert.Equal(CopyOutcome.Stored, (await StoreAsync(copy)).Outcome);
        Assert.Equal(CopyOutcome.Stored, (await StoreAsync(copy with { Attempt = copy.Attempt + 1 })).Outcome);

        var message = Assert.Single((await ListAsync()).Messages);
        var stored = await _storage.Mailboxes.FindMessageAsync(_account, message.Uid, CancellationToken.None);
        Assert.Equal("Return-Path: <a@b.example>\r\nDelivered-To: chris@hamburger.edu\r\n", stored!.Prefix);
    }

    [Fact]
    public async Task Repeats_in_one_batch_are_one_message_too()
    {
        var copy = await SpooledAsync();
        for (var i = 0; i < 5; i++)
        {
            _mailbox.Tell(copy, TestActor);
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(CopyOutcome.Stored, (await ExpectMsgAsync<CopyStored>()).Outcome);
        }

        Assert.Single((await ListAsync()).Messages);
    }

    [Fact]
    public async Task What_exceeds_the_quota_is_deferred_with_4_2_2()
    {
        var stored = await StoreAsync(await SpooledAsync(size: 2000));

        var outcome = MailboxOutcome.Of(stored);
        Assert.Equal(OutcomeKind.Deferred, outcome.Kind);
        Assert.StartsWith("452 4.2.2 ", outcome.Reply.ToString(), StringComparison.Ordinal);
        Assert.Empty((await ListAsync()).Messages);
    }

    [Fact]
    public async Task What_comes_for_an_account_that_was_removed_fails_with_5_1_1()
    {
        await _storage.Administration.RemoveAccountAsync(Address, CancellationToken.None);
        var stored = await StoreAsync(await SpooledAsync());

        var outcome = MailboxOutcome.Of(stored);
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.StartsWith("550 5.1.1 ", outcome.Reply.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_are_removed_once_and_a_repeat_is_answered_alike()
    {
        await StoreAsync(await SpooledAsync());
        await StoreAsync(await SpooledAsync());
        var messages = (await ListAsync()).Messages;
        for (var i = 0; i < 2; i++)
        {
            _mailbox.Tell(new ExpungeMessages(_account, [messages[0].Uid]), TestActor);
            Assert.True((await ExpectMsgAsync<MessagesExpunged>()).Succeeded);
        }

        Assert.Equal(messages[1], Assert.Single((await ListAsync()).Messages));
    }

    private async Task<StoreCopy> SpooledAsync(long size = 100)
    {
        var copy = _copies.Next(size);
        await using var body = _storage.Spool.Create(copy.QueueId.Body);
        await body.WriteAsync("Subject: test\r\n"u8.ToArray(), CancellationToken.None);
        await body.CommitAsync(CancellationToken.None);
        return copy;
    }

    private async Task<CopyStored> StoreAsync(StoreCopy copy)
    {
        _mailbox.Tell(copy, TestActor);
        var stored = await ExpectMsgAsync<CopyStored>();
        Assert.Equal((copy.QueueId, copy.Attempt, copy.Recipient), (stored.QueueId, stored.Attempt, stored.Recipient));
        return stored;
    }

    private async Task<FolderListing> ListAsync() =>
        (await _storage.Mailboxes.ListInboxAsync(_account, CancellationToken.None))!;
}
