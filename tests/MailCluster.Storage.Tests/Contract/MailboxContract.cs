using CsCheck;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Storage.Tests.Contract;

public abstract class MailboxContract : StorageContract
{
    /// <summary>Messages; a multiple of 10,000.</summary>
    protected virtual int LargeInbox => 100_000;

    [SkippableFact]
    public async Task A_new_account_has_an_empty_inbox()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var inbox = await Mailboxes.ListInboxAsync(account, default);
        Assert.Empty(inbox!.Messages);
        Assert.NotEqual(0u, inbox.UidValidity.Value);
        Assert.Equal(0, await Mailboxes.GetUsedBytesAsync(account, default));
    }

    [SkippableFact]
    public async Task An_unknown_account_has_nothing()
    {
        var nobody = new AccountId(4711);
        Assert.Null(await Mailboxes.ListInboxAsync(nobody, default));
        Assert.Equal(0, await Mailboxes.GetUsedBytesAsync(nobody, default));
        Assert.Null(await Mailboxes.FindMessageAsync(nobody, new Uid(1), default));
        Assert.Empty(await Mailboxes.ExpungeInboxAsync(nobody, [new Uid(1)], default));
        Assert.Equal(StoreOutcome.NoSuchAccount, await StoreAsync(nobody, Copy(NewBody())));
    }

    [SkippableFact]
    public async Task A_stored_message_is_found_with_all_that_came_with_it()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var body = NewBody();
        const string Prefix = "Return-Path: <ü@crepes.fr>\r\n";
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(account, Copy(body, 500, prefix: Prefix)));

        await Storage.ReopenAsync();
        var listed = Assert.Single((await Mailboxes.ListInboxAsync(account, default))!.Messages);
        Assert.Equal(500 + System.Text.Encoding.UTF8.GetByteCount(Prefix), listed.Size);
        var found = await Mailboxes.FindMessageAsync(account, listed.Uid, default);
        Assert.Equal(new StoredMessage(listed.Uid, Prefix, body, listed.Size, Time.GetUtcNow()), found);
        Assert.Equal(listed.Size, await Mailboxes.GetUsedBytesAsync(account, default));
    }

    [SkippableFact]
    public async Task A_batch_gets_uids_in_its_order()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var copies = Enumerable.Range(1, 20).Select(size => Copy(NewBody(), size)).ToArray();
        var outcomes = await Mailboxes.StoreAsync(account, copies, default);
        Assert.All(outcomes, outcome => Assert.Equal(StoreOutcome.Stored, outcome));
        var listed = (await Mailboxes.ListInboxAsync(account, default))!.Messages;
        Assert.Equal(Enumerable.Range(1, 20).Select(n => new ListedMessage(new Uid((uint)n), n)), listed);
    }

    [SkippableFact]
    public async Task The_same_copy_is_stored_once_however_often_it_comes()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var copy = Copy(NewBody());
        var outcomes = await Mailboxes.StoreAsync(account, [copy, copy], default);
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.AlreadyStored], outcomes.AsEnumerable());
        Assert.Equal(StoreOutcome.AlreadyStored, await StoreAsync(account, copy));
        await Mailboxes.ExpungeInboxAsync(account, await UidsAsync(account), default);
        await Storage.ReopenAsync();
        Assert.Equal(StoreOutcome.AlreadyStored, await StoreAsync(account, copy));
        Assert.Empty(await UidsAsync(account));
    }

    [SkippableFact]
    public async Task Two_recipients_of_one_entry_are_two_messages_even_in_one_account()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var body = NewBody();
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(account, Copy(body, recipient: "bob@hamburger.edu")));
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(account, Copy(body, recipient: "sales@hamburger.edu")));
    }

    [SkippableFact]
    public async Task Two_accounts_take_the_same_copy_each_for_itself()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var alice = await AddAccountAsync("alice@hamburger.edu");
        var copy = Copy(NewBody());
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(bob, copy));
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(alice, copy));
    }

    [SkippableFact]
    public async Task What_does_not_fit_the_quota_is_refused_and_smaller_copies_still_fit()
    {
        var account = await AddAccountAsync("bob@hamburger.edu", quotaBytes: 1000);
        IncomingCopy[] copies = [Copy(NewBody(), 600), Copy(NewBody(), 401), Copy(NewBody(), 400), Copy(NewBody(), 1)];
        var outcomes = await Mailboxes.StoreAsync(account, copies, default);
        Assert.Equal(
            [StoreOutcome.Stored, StoreOutcome.OverQuota, StoreOutcome.Stored, StoreOutcome.OverQuota],
            outcomes.AsEnumerable());
        Assert.Equal(1000, await Mailboxes.GetUsedBytesAsync(account, default));
    }

    [SkippableFact]
    public async Task A_repeat_is_answered_as_stored_even_when_the_mailbox_is_full()
    {
        var account = await AddAccountAsync("bob@hamburger.edu", quotaBytes: 1000);
        var copy = Copy(NewBody(), 1000);
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(account, copy));
        Assert.Equal(StoreOutcome.AlreadyStored, await StoreAsync(account, copy));
    }

    [SkippableFact]
    public async Task A_refused_copy_is_taken_when_there_is_room_again()
    {
        var account = await AddAccountAsync("bob@hamburger.edu", quotaBytes: 1000);
        await StoreAsync(account, Copy(NewBody(), 900));
        var copy = Copy(NewBody(), 200);
        Assert.Equal(StoreOutcome.OverQuota, await StoreAsync(account, copy));
        await Mailboxes.ExpungeInboxAsync(account, await UidsAsync(account), default);
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(account, copy));
    }

    [SkippableFact]
    public async Task Uids_are_never_given_again()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        await StoreAsync(account, Copy(NewBody()));
        await StoreAsync(account, Copy(NewBody()));
        await Mailboxes.ExpungeInboxAsync(account, [new Uid(2)], default);
        await Storage.ReopenAsync();
        await StoreAsync(account, Copy(NewBody()));
        Assert.Equal([new Uid(1), new Uid(3)], (await UidsAsync(account)).AsEnumerable());
    }

    [SkippableFact]
    public async Task An_expunge_answers_with_those_that_were_there()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        await Mailboxes.StoreAsync(account, [Copy(NewBody(), 10), Copy(NewBody(), 20), Copy(NewBody(), 40)], default);
        Uid[] asked = [new(3), new(9), new(1), new(3)];
        var expunged = await Mailboxes.ExpungeInboxAsync(account, asked, default);
        Assert.Equal([new Uid(3), new Uid(1)], expunged.AsEnumerable());
        Assert.Equal([new Uid(2)], (await UidsAsync(account)).AsEnumerable());
        Assert.Equal(20, await Mailboxes.GetUsedBytesAsync(account, default));
        Assert.Null(await Mailboxes.FindMessageAsync(account, new Uid(1), default));
    }

    [SkippableFact]
    public async Task A_body_shared_by_two_accounts_outlives_the_first_expunge()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var alice = await AddAccountAsync("alice@hamburger.edu");
        var body = await SpoolAsync(Octets(100));
        await StoreAsync(bob, Copy(body));
        await StoreAsync(alice, Copy(body));
        await Spool.ReleaseAsync([body], default);
        await Mailboxes.ExpungeInboxAsync(bob, await UidsAsync(bob), default);
        Assert.NotNull(await ReadAsync(body));
        await Mailboxes.ExpungeInboxAsync(alice, await UidsAsync(alice), default);
        Assert.Null(await ReadAsync(body));
    }

    [SkippableFact]
    public async Task Removing_an_account_removes_its_mail_and_the_bodies_that_nobody_else_needs()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var alice = await AddAccountAsync("alice@hamburger.edu");
        var shared = await SpoolAsync(Octets(100));
        var own = await Task.WhenAll(Enumerable.Range(0, 2100).Select(_ => SpoolAsync(Octets(10))));
        await Mailboxes.StoreAsync(bob, [.. own.Append(shared).Select(body => Copy(body))], default);
        await StoreAsync(alice, Copy(shared));
        await Spool.ReleaseAsync([.. own, shared], default);

        await Administration.RemoveAccountAsync(Mail.Addresses.MailAddress.Parse("bob@hamburger.edu"), default);

        Assert.Null(await Mailboxes.ListInboxAsync(bob, default));
        Assert.NotNull(await ReadAsync(shared));
        Assert.Null(await ReadAsync(own[0]));
        Assert.Null(await ReadAsync(own[^1]));
        Assert.Equal(0, await Spool.SweepAsync(Time.GetUtcNow().AddDays(1), default));
    }

    [SkippableFact]
    public async Task An_account_that_is_made_again_is_another_one()
    {
        var first = await AddAccountAsync("bob@hamburger.edu");
        await Administration.RemoveAccountAsync(Mail.Addresses.MailAddress.Parse("bob@hamburger.edu"), default);
        Assert.NotEqual(first, await AddAccountAsync("bob@hamburger.edu"));
        Assert.Equal(StoreOutcome.NoSuchAccount, await StoreAsync(first, Copy(NewBody())));
    }

    [SkippableFact]
    public async Task A_repeat_within_ten_days_is_known_and_older_ones_are_forgotten()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var old = Copy(NewBody(partition: 5));
        await StoreAsync(account, old);
        Time.Advance(TimeSpan.FromDays(9));
        var young = Copy(NewBody(partition: 5));
        await StoreAsync(account, young);
        Assert.Equal(StoreOutcome.AlreadyStored, await StoreAsync(account, old));
        Time.Advance(TimeSpan.FromDays(2));
        await StoreAsync(account, Copy(NewBody(partition: 9))); // Behind its back old entries go.
        Assert.Equal(StoreOutcome.AlreadyStored, await StoreAsync(account, young));
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(account, old));
    }

    [SkippableFact]
    public async Task A_large_inbox_is_listed_in_uid_order()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        for (var stored = 0; stored < LargeInbox; stored += 10_000)
        {
            await Mailboxes.StoreAsync(
                account, [.. Enumerable.Range(0, 10_000).Select(n => Copy(NewBody(n % 32), n))], default);
        }

        var listing = await Mailboxes.ListInboxAsync(account, default);
        Assert.Equal(LargeInbox, listing!.Messages.Length);
        Assert.Equal(Enumerable.Range(1, LargeInbox).Select(n => new Uid((uint)n)), listing.Messages.Select(m => m.Uid));
    }

    /// <summary>Random stores, repeats and expunges, each compared with a model that a child could check.</summary>
    [SkippableFact]
    public async Task A_mailbox_behaves_as_its_model()
    {
        const long Quota = 5000;
        var name = 0;
        await AddAccountAsync("first@model.test");
        var step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30], Gen.Int[1, 900]);
        await step.Array[1, 40].SampleAsync(
            async steps =>
            {
                var account = await AddAccountAsync($"u{Interlocked.Increment(ref name)}@model.test", Quota);
                var bodies = Enumerable.Range(0, 31).Select(_ => NewBody()).ToArray();
                var taken = new HashSet<int>();
                var messages = new SortedDictionary<uint, long>();
                var uidNext = 1u;
                foreach (var (action, which, size) in steps)
                {
                    if (action == 0)
                    {
                        var uid = new Uid((uint)which);
                        var expunged = await Mailboxes.ExpungeInboxAsync(account, [uid], default);
                        Assert.Equal(messages.Remove(uid.Value), expunged.Contains(uid));
                        continue;
                    }

                    var fits = messages.Values.Sum() + size <= Quota;
                    var expected = taken.Contains(which) ? StoreOutcome.AlreadyStored
                        : fits ? StoreOutcome.Stored : StoreOutcome.OverQuota;
                    Assert.Equal(expected, await StoreAsync(account, Copy(bodies[which], size)));
                    if (expected == StoreOutcome.Stored)
                    {
                        taken.Add(which);
                        messages.Add(uidNext++, size);
                    }
                }

                var listing = (await Mailboxes.ListInboxAsync(account, default))!.Messages;
                Assert.Equal(messages.Select(m => new ListedMessage(new Uid(m.Key), m.Value)), listing);
                Assert.Equal(messages.Values.Sum(), await Mailboxes.GetUsedBytesAsync(account, default));
            },
            iter: 60,
            threads: 4);
    }
}
