using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Tests.Contract;

/// <summary>Folders that others may use, as far as their owners allow it.</summary>
public abstract class AccessContract : StorageContract
{
    private const FolderRights Reading = FolderRights.Lookup | FolderRights.Read;

    private static readonly FolderName Box = FolderName.Parse("Box");

    private AccountId _alice;
    private AccountId _bob;
    private FolderId _box;

    [SkippableFact]
    public async Task A_folder_is_listed_for_those_who_may_see_it_with_the_sum_of_their_rights()
    {
        await BeginAsync();
        Assert.Empty(await Reader.ListSharedAsync(_bob, default));
        await GiveAsync(_bob, Reading);
        await GiveAsync(default, FolderRights.Read | FolderRights.Write | FolderRights.Insert);
        await GiveAsync(_bob, FolderRights.Insert, isNegative: true);

        var shared = Assert.Single(await Reader.ListSharedAsync(_bob, default));
        Assert.Equal(
            (_alice, "alice@hamburger.edu", "Box", Reading | FolderRights.Write),
            (shared.Owner, shared.Address, shared.Folder.Name.Text, shared.Folder.Rights));
        Assert.Empty(await Reader.ListSharedAsync(_alice, default));
        Assert.Equal(
            FolderRights.Read | FolderRights.Write | FolderRights.Insert,
            (await Reader.FindSharedAsync(_alice, new AccountId(4711), Box, default))!.Rights);
        await GiveAsync(default, FolderRights.Lookup, isNegative: true);
        Assert.Empty(await Reader.ListSharedAsync(_bob, default));
        Assert.Equal(
            ["bob@hamburger.edu False", "bob@hamburger.edu True", " False", " True"],
            (await Reader.ListAccessAsync(_box, default)).Select(e => $"{e.Address} {e.Identifier.IsNegative}"));
    }

    [SkippableFact]
    public async Task Rights_are_added_taken_away_and_replaced_and_the_owner_keeps_what_is_needed()
    {
        await BeginAsync();
        await GiveAsync(_bob, Reading);
        await GiveAsync(_bob, FolderRights.Write, FlagsAction.Add);
        await GiveAsync(_bob, FolderRights.Read, FlagsAction.Remove);
        Assert.Equal(FolderRights.Lookup | FolderRights.Write, await Reader.GetSharedRightsAsync(_box, _bob, default));
        await GiveAsync(_bob, FolderRights.None);
        Assert.Empty(await Reader.ListAccessAsync(_box, default));

        await GiveAsync(_alice, FolderRights.Expunge, FlagsAction.Remove);
        Assert.Equal(FolderRights.All & ~FolderRights.Expunge, await RightsOfOwnerAsync("Box"));
        await GiveAsync(_alice, FolderRights.All, isNegative: true);
        Assert.Equal(FolderRights.AlwaysOfOwner, await RightsOfOwnerAsync("Box"));
        await GiveAsync(_alice, FolderRights.None, isNegative: true);
        await GiveAsync(_alice, FolderRights.None);
        await GiveAsync(default, FolderRights.Read);
        Assert.Equal(FolderRights.AlwaysOfOwner | FolderRights.Read, await RightsOfOwnerAsync("Box"));
        Assert.Equal(FolderOutcome.NoRight, (await Folders.RenameFolderAsync(_alice, Box, FolderName.Parse("Case"), default)).Outcome);
    }

    [SkippableFact]
    public async Task Who_may_not_administer_changes_no_rights_and_who_sees_nothing_learns_nothing()
    {
        await BeginAsync();
        var change = new MailboxChange.SetRights(Box, new AccessIdentifier(_bob, false), FlagsAction.Replace, FolderRights.All);
        Assert.Equal(FolderOutcome.NoSuchFolder, (await AsBobAsync(change)).Outcome);
        await GiveAsync(_bob, Reading);
        Assert.Equal(FolderOutcome.NoRight, (await AsBobAsync(change)).Outcome);
        await GiveAsync(_bob, FolderRights.Administer, FlagsAction.Add);
        Assert.Equal(FolderOutcome.Done, (await AsBobAsync(change)).Outcome);
        Assert.Equal(FolderRights.All, await Reader.GetSharedRightsAsync(_box, _bob, default));
        var nowhere = change with { Folder = FolderName.Parse("Nowhere") };
        Assert.Equal(FolderOutcome.NoSuchFolder, (await AsBobAsync(nowhere)).Outcome);
    }

    [SkippableFact]
    public async Task Each_change_needs_its_right()
    {
        await BeginAsync();
        var uids = Uids("1:9");
        MailboxChange expunge = new MailboxChange.Expunge(_box, uids);
        MailboxChange delete = new MailboxChange.DeleteFolder(Box);
        MailboxChange create = new MailboxChange.CreateFolder(FolderName.Parse("Box/new/er"), null);
        MailboxChange rename = new MailboxChange.RenameFolder(Box, FolderName.Parse("Other/Box"));
        MailboxChange copy = new MailboxChange.Copy(_box, uids, Box);
        MailboxChange move = new MailboxChange.Move(_box, uids, Box);
        MailboxChange remove = new MailboxChange.Remove(_box, uids);
        MailboxChange append = new MailboxChange.Append(Box, [Entry(MessageFlags.None)]);
        MailboxChange[] all = [expunge, delete, create, rename, copy, move, remove, append, Flag(FlagsAction.Add, MessageFlags.Seen)];
        await GiveAsync(_bob, Reading);
        foreach (var change in all)
        {
            Assert.Equal((change, FolderOutcome.NoRight), (change, (await AsBobAsync(change)).Outcome));
        }

        await AllowedAsync(append, FolderRights.Insert);
        await AllowedAsync(copy, FolderRights.Read | FolderRights.Insert);
        await AllowedAsync(move, FolderRights.Read | FolderRights.Insert | FolderRights.DeleteMessages | FolderRights.Expunge);
        await AllowedAsync(expunge, FolderRights.Expunge);
        await AllowedAsync(remove, FolderRights.DeleteMessages | FolderRights.Expunge);
        await AllowedAsync(create, FolderRights.CreateBelow);
        Assert.Equal(FolderOutcome.NoRight, (await AsBobAsync(new MailboxChange.CreateFolder(FolderName.Parse("top"), null))).Outcome);
        await GiveAsync(_bob, Reading | FolderRights.DeleteFolder);
        Assert.Equal(FolderOutcome.NoRight, (await AsBobAsync(rename)).Outcome); // "Other" is not his to make
        Assert.Equal(FolderOutcome.HasChildren, (await AsBobAsync(delete)).Outcome);
    }

    [SkippableFact]
    public async Task Flags_are_changed_as_far_as_the_rights_go()
    {
        await BeginAsync();
        await Folders.AppendAsync(_alice, Box, [Entry(MessageFlags.Answered, "Work")], default);
        await GiveAsync(_bob, Reading | FolderRights.KeepSeen);
        Assert.Equal(FolderOutcome.NoRight, (await AsBobAsync(Flag(FlagsAction.Add, MessageFlags.Deleted))).Outcome);
        var some = (FlagsResult)await AsBobAsync(Flag(FlagsAction.Add, MessageFlags.Deleted | MessageFlags.Seen, "Play"));
        Assert.Equal((MessageFlags.Answered | MessageFlags.Seen, "Work"), Only(some));
        var replaced = (FlagsResult)await AsBobAsync(Flag(FlagsAction.Replace, MessageFlags.Flagged));
        Assert.Equal((MessageFlags.Answered, "Work"), Only(replaced));

        await GiveAsync(_bob, Reading | FolderRights.Write | FolderRights.Insert);
        var written = (FlagsResult)await AsBobAsync(Flag(FlagsAction.Replace, MessageFlags.Flagged | MessageFlags.Seen, "Play"));
        Assert.Equal((MessageFlags.Flagged, "Play"), Only(written));
        await AsBobAsync(new MailboxChange.Append(Box, [Entry(MessageFlags.Seen | MessageFlags.Draft, "Play")]));
        await GiveAsync(_bob, Reading | FolderRights.KeepSeen | FolderRights.Insert);
        await AsBobAsync(new MailboxChange.Append(Box, [Entry(MessageFlags.Seen | MessageFlags.Draft, "Play")]));
        await AsBobAsync(new MailboxChange.Copy(_box, Uids("2"), Box));
        var messages = await Reader.FetchAsync(_box, UidSet.All, FetchColumns.Short, default, 10, default);
        Assert.Equal(
            ["Flagged Play", "Draft Play", "Seen ", "None "],
            messages.Select(message => $"{message.Flags} {string.Join(' ', message.Keywords)}"));
        Assert.Equal(3, (await Reader.FindFolderAsync(_alice, Box, default))!.Unseen);
    }

    [SkippableFact]
    public async Task A_new_folder_has_the_list_of_the_one_above_and_a_renamed_one_keeps_its_own()
    {
        await BeginAsync();
        await GiveAsync(_bob, Reading | FolderRights.CreateBelow | FolderRights.DeleteFolder);
        await GiveAsync(_alice, FolderRights.Insert, FlagsAction.Remove);
        Assert.Equal(
            FolderOutcome.Done, (await AsBobAsync(new MailboxChange.CreateFolder(FolderName.Parse("Box/a/b"), null))).Outcome);
        Assert.Equal(
            ["Box", "Box/a", "Box/a/b"],
            (await Reader.ListSharedAsync(_bob, default)).Select(shared => shared.Folder.Name.Text));
        Assert.Equal(FolderRights.All & ~FolderRights.Insert, await RightsOfOwnerAsync("Box/a/b"));
        await Folders.RenameFolderAsync(_alice, FolderName.Parse("Box/a"), FolderName.Parse("free"), default);
        Assert.Equal(
            ["Box", "free", "free/b"],
            (await Reader.ListSharedAsync(_bob, default)).Select(shared => shared.Folder.Name.Text).Order());
        Assert.Equal(
            FolderOutcome.Done, (await AsBobAsync(new MailboxChange.DeleteFolder(FolderName.Parse("free/b")))).Outcome);
        await Folders.CreateFolderAsync(_alice, FolderName.Parse("other"), null, default);
        Assert.Equal(2, (await Reader.ListSharedAsync(_bob, default)).Length);
    }

    [SkippableFact]
    public async Task Rights_go_with_the_folder_and_with_the_account()
    {
        await BeginAsync();
        var carol = await AddAccountAsync("carol@hamburger.edu");
        await GiveAsync(_bob, Reading);
        await GiveAsync(carol, Reading);
        await Administration.RemoveAccountAsync(MailAddress.Parse("carol@hamburger.edu"), default);
        Assert.Equal("bob@hamburger.edu", Assert.Single(await Reader.ListAccessAsync(_box, default)).Address);
        await Folders.DeleteFolderAsync(_alice, Box, default);
        Assert.Empty(await Reader.ListAccessAsync(_box, default));
        await BeginAgainAsync();
        Assert.Empty(await Reader.ListAccessAsync(_box, default));
        await GiveAsync(_bob, Reading);
        await Administration.RemoveAccountAsync(MailAddress.Parse("alice@hamburger.edu"), default);
        Assert.Empty(await Reader.ListSharedAsync(_bob, default));
        Assert.Equal(FolderRights.None, await Reader.GetSharedRightsAsync(_box, _bob, default));
    }

    [SkippableFact]
    public async Task A_copy_between_accounts_shares_the_body_and_counts_for_the_target()
    {
        await BeginAsync();
        var body = await SpoolAsync(Octets(100));
        var entry = new AppendEntry(body, 100, "", MessageFlags.Flagged, ["Work"], Time.GetUtcNow());
        await Folders.AppendAsync(_alice, Box, [entry, Entry(MessageFlags.None)], default);
        await Spool.ReleaseAsync([body], default);
        var copy = new MailboxChange.CopyFrom(_alice, _box, Uids("1,7"), FolderName.Inbox);
        Assert.Equal(FolderOutcome.NoRight, (await Folders.ChangeAsAsync(_bob, _bob, copy, default)).Outcome);
        await GiveAsync(_bob, FolderRights.Read | FolderRights.DeleteMessages | FolderRights.Expunge);

        var copied = (CopyResult)await Folders.ChangeAsAsync(_bob, _bob, copy, default);
        Assert.Equal(("1", "1"), (copied.From!.ToString(), copied.To!.ToString()));
        var removed = (ExpungeResult)await AsBobAsync(new MailboxChange.Remove(_box, copied.From));
        Assert.Equal("1", removed.Uids.ToString());
        Assert.Equal(100, (await ReadAsync(body))!.Length);
        var inbox = (await Reader.FindFolderAsync(_bob, FolderName.Inbox, default))!;
        var message = Assert.Single(await Reader.FetchAsync(inbox.Id, UidSet.All, FetchColumns.Short, default, 10, default));
        Assert.Equal((MessageFlags.Flagged, "Work", body), (message.Flags, Assert.Single(message.Keywords), message.Body));
        Assert.Equal(new QuotaUsage(100, null, 1, null), await Reader.GetQuotaAsync(_bob, default));
        Assert.Equal(1, (await Reader.GetQuotaAsync(_alice, default))!.Messages);

        await Folders.StoreFlagsAsync(_bob, inbox.Id, UidSet.All, new(FlagsAction.Add, MessageFlags.Deleted, []), default);
        await Folders.ExpungeAsync(_bob, inbox.Id, UidSet.All, default);
        Assert.Null(await ReadAsync(body));
    }

    [SkippableFact]
    public async Task A_copy_between_accounts_fits_the_targets_quota()
    {
        await BeginAsync();
        var carol = await AddAccountAsync("carol@hamburger.edu", quotaBytes: 150);
        await Folders.AppendAsync(_alice, Box, [Entry(MessageFlags.None), Entry(MessageFlags.None)], default);
        await GiveAsync(default, Reading);
        var copy = new MailboxChange.CopyFrom(_alice, _box, UidSet.All, FolderName.Inbox);
        Assert.Equal(FolderOutcome.OverQuota, (await Folders.ChangeAsAsync(carol, carol, copy, default)).Outcome);
        var one = copy with { Uids = Uids("2") };
        Assert.Equal(FolderOutcome.Done, (await Folders.ChangeAsAsync(carol, carol, one, default)).Outcome);
        var away = one with { From = new FolderId(4711) };
        Assert.Equal(FolderOutcome.NoRight, (await Folders.ChangeAsAsync(carol, carol, away, default)).Outcome);
    }

    [SkippableFact]
    public async Task What_is_copied_while_another_node_removes_it_keeps_its_body()
    {
        await BeginAsync();
        await GiveAsync(_bob, FolderRights.Read);
        await using var other = await Storage.OpenAnotherAsync();
        for (var i = 0; i < 30; i++)
        {
            var body = await SpoolAsync(Octets(100));
            var appended = await Folders.AppendAsync(
                _alice, Box, [new AppendEntry(body, 100, "", MessageFlags.Deleted, [], Time.GetUtcNow())], default);
            await Spool.ReleaseAsync([body], default);
            var copying = Folders.ChangeAsAsync(
                _bob, _bob, new MailboxChange.CopyFrom(_alice, _box, appended.Uids!, FolderName.Inbox), default);
            var removing = other.Folders.ExpungeAsync(_alice, _box, appended.Uids!, default);
            var copied = (CopyResult)await copying;
            Assert.Equal(appended.Uids!.ToString(), (await removing).Uids.ToString());
            Assert.Equal(copied.To!.IsEmpty, await ReadAsync(body) is null);
        }
    }

    private async Task BeginAsync()
    {
        _alice = await AddAccountAsync("alice@hamburger.edu");
        _bob = await AddAccountAsync("bob@hamburger.edu");
        await BeginAgainAsync();
    }

    private async Task BeginAgainAsync() => _box = (await Folders.CreateFolderAsync(_alice, Box, null, default)).Folder;

    private Task<ChangeResult> AsBobAsync(MailboxChange change) => Folders.ChangeAsAsync(_alice, _bob, change, default);

    private async Task AllowedAsync(MailboxChange change, FolderRights rights)
    {
        await GiveAsync(_bob, rights);
        Assert.Equal((change, FolderOutcome.Done), (change, (await AsBobAsync(change)).Outcome));
    }

    private Task GiveAsync(AccountId to, FolderRights rights, bool isNegative = false) =>
        GiveAsync(to, rights, FlagsAction.Replace, isNegative);

    private async Task GiveAsync(AccountId to, FolderRights rights, FlagsAction action, bool isNegative = false)
    {
        var change = new MailboxChange.SetRights(Box, new AccessIdentifier(to, isNegative), action, rights);
        Assert.Equal(FolderOutcome.Done, (await Folders.ChangeAsAsync(_alice, _alice, change, default)).Outcome);
    }

    private async Task<FolderRights> RightsOfOwnerAsync(string name) =>
        (await Reader.FindFolderAsync(_alice, FolderName.Parse(name), default))!.Rights;

    private MailboxChange.StoreFlags Flag(FlagsAction action, MessageFlags flags, params ImmutableArray<string> keywords) =>
        new(_box, Uids("1"), new FlagsChange(action, flags, keywords));

    private static (MessageFlags Flags, string Keywords) Only(FlagsResult result) =>
        (Assert.Single(result.Changed).Flags, string.Join(' ', result.Changed[0].Keywords));

    private AppendEntry Entry(MessageFlags flags, params ImmutableArray<string> keywords) =>
        new(NewBody(), 100, "", flags, keywords, Time.GetUtcNow());

    private static UidSet Uids(string text) => UidSet.Of(text.Split(',').Select(range => range.Split(':'))
        .Select(ends => new UidRange(new Uid(uint.Parse(ends[0])), new Uid(uint.Parse(ends[^1])))));
}
