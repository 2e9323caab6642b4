using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Tests.Contract;

/// <summary>Messages that come from other servers, and come once.</summary>
public abstract class ImportContract : StorageContract
{
    private static readonly ImportKey First = ImportKey.Of("maildir", "INBOX", "1");
    private static readonly ImportKey Second = ImportKey.Of("maildir", "INBOX", "2");

    [SkippableFact]
    public async Task A_message_comes_once_for_each_key_with_all_that_belongs_to_it()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var entry = Entry(flags: MessageFlags.Seen);
        var stored = await ImportAsync(account, First, entry);
        Assert.Equal((FolderOutcome.Done, "1"), (stored.Outcome, stored.Uids!.ToString()));
        var again = await ImportAsync(account, First, Entry());
        Assert.Equal((FolderOutcome.Done, stored.Folder, 0), (again.Outcome, again.Folder, again.ModSeq));
        Assert.True(again.Uids!.IsEmpty);
        Assert.Equal("2", (await ImportAsync(account, Second, Entry())).Uids!.ToString());
        var messages = await Reader.FetchAsync(stored.Folder, UidSet.All, FetchColumns.Prefix, default, 10, default);
        Assert.Equal([entry.Body, messages[1].Body], messages.Select(message => message.Body));
        Assert.Equal((MessageFlags.Seen, entry.InternalDate), (messages[0].Flags, messages[0].InternalDate));
    }

    [SkippableFact]
    public async Task What_came_and_went_does_not_come_again()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var stored = await ImportAsync(account, First, Entry(flags: MessageFlags.Deleted));
        await Folders.ExpungeAsync(account, stored.Folder, UidSet.All, default);
        Assert.True((await ImportAsync(account, First, Entry())).Uids!.IsEmpty);
        Assert.Equal(0, (await Reader.FindFolderAsync(account, FolderName.Inbox, default))!.Messages);
    }

    [SkippableFact]
    public async Task What_was_refused_may_come_later_and_what_came_is_known_where_the_account_is_full()
    {
        var account = await AddAccountAsync("bob@hamburger.edu", quotaBytes: 150);
        await ImportAsync(account, First, Entry());
        Assert.Equal(FolderOutcome.OverQuota, (await ImportAsync(account, Second, Entry())).Outcome);
        Assert.Equal(FolderOutcome.Done, (await ImportAsync(account, First, Entry())).Outcome);
        var nowhere = await Folders.ImportAsync(account, FolderName.Parse("no"), Entry(), Second, default);
        Assert.Equal(FolderOutcome.NoSuchFolder, nowhere.Outcome);
        Assert.Equal([First], await Reader.FindImportedAsync(account, [First, Second], default));
        await Administration.SetQuotaAsync(Mail.Addresses.MailAddress.Parse("bob@hamburger.edu"), null, default);
        Assert.Equal("2", (await ImportAsync(account, Second, Entry())).Uids!.ToString());
    }

    [SkippableFact]
    public async Task Accounts_take_the_same_message_each_for_itself_and_one_that_is_made_anew_takes_it_again()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var alice = await AddAccountAsync("alice@hamburger.edu");
        await ImportAsync(bob, First, Entry());
        Assert.Empty(await Reader.FindImportedAsync(alice, [First], default));
        Assert.Equal("1", (await ImportAsync(alice, First, Entry())).Uids!.ToString());
        await Administration.RemoveAccountAsync(Mail.Addresses.MailAddress.Parse("bob@hamburger.edu"), default);
        Assert.Empty(await Reader.FindImportedAsync(bob, [First], default));
        Assert.Single(await Reader.FindImportedAsync(alice, [First], default));
    }

    private Task<AppendResult> ImportAsync(AccountId account, ImportKey key, AppendEntry entry) =>
        Folders.ImportAsync(account, FolderName.Inbox, entry, key, default);

    private AppendEntry Entry(MessageFlags flags = MessageFlags.None) =>
        new(NewBody(), 100, "", flags, [], Time.GetUtcNow().AddDays(-1));
}
