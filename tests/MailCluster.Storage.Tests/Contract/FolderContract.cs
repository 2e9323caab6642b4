using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Storage.Tests.Contract;

/// <summary>Folders and messages as IMAP uses them.</summary>
public abstract class FolderContract : StorageContract
{
    [SkippableFact]
    public async Task Folders_are_made_with_those_above_them_and_each_has_a_uid_validity_of_its_own()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        Assert.Equal(FolderOutcome.Done, (await Folders.CreateFolderAsync(account, Name("a/ü/c"), null, default)).Outcome);
        Assert.Equal(
            FolderOutcome.AlreadyExists, (await Folders.CreateFolderAsync(account, Name("a/ü"), null, default)).Outcome);
        Assert.Equal(
            FolderOutcome.NotAllowed, (await Folders.CreateFolderAsync(account, Name("b"), @"\Sent", default)).Outcome);
        var list = await Reader.ListFoldersAsync(account, default);
        Assert.Equal(
            ["Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash", "a", "a/ü", "a/ü/c"],
            list.Folders.Select(folder => folder.Name.Text));
        Assert.Equal(6, list.Subscribed.Length);
        Assert.Equal(9, list.Folders.Select(folder => folder.UidValidity).Distinct().Count());
        Assert.All(list.Folders, folder => Assert.True(folder.HighestModSeq >= 1));
    }

    [SkippableFact]
    public async Task A_deleted_folder_takes_its_messages_and_bodies_with_it_and_its_name_begins_anew()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var first = await CreateAsync(account, "x");
        var body = await SpoolAsync(Octets(100));
        await Folders.AppendAsync(account, Name("x"), [Entry(body)], default);
        await Folders.WriteStructureAsync(body, Octets(5), default);
        await Spool.ReleaseAsync([body], default);
        Assert.Equal(5, (await Reader.ReadStructureAsync(body, default))!.Length);
        await Folders.WriteStructureAsync(body, Octets(6), default); // as when an older version's cannot be read
        Assert.Equal(6, (await Reader.ReadStructureAsync(body, default))!.Length);
        Assert.Equal(FolderOutcome.Done, (await Folders.DeleteFolderAsync(account, Name("x"), default)).Outcome);
        Assert.Null(await ReadAsync(body));
        Assert.Null(await Reader.ReadStructureAsync(body, default));
        Assert.Equal(new QuotaUsage(0, null, 0, null), await Reader.GetQuotaAsync(account, default));
        Assert.Equal(FolderOutcome.NoSuchFolder, (await Folders.DeleteFolderAsync(account, Name("x"), default)).Outcome);
        var second = await CreateAsync(account, "x");
        Assert.True(second.UidValidity.Value > first.UidValidity.Value);
        await CreateAsync(account, "x/y");
        Assert.Equal(FolderOutcome.HasChildren, (await Folders.DeleteFolderAsync(account, Name("x"), default)).Outcome);
        Assert.Equal(FolderOutcome.NotAllowed, (await Folders.DeleteFolderAsync(account, Name("Inbox"), default)).Outcome);
    }

    [SkippableFact]
    public async Task A_rename_takes_inferiors_along_and_that_of_the_inbox_moves_its_messages()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var below = await CreateAsync(account, "a/b");
        Assert.Equal(FolderOutcome.NotAllowed, (await RenameAsync(account, "a", "a/c")).Outcome);
        Assert.Equal(FolderOutcome.AlreadyExists, (await RenameAsync(account, "a", "Sent")).Outcome);
        Assert.Equal(FolderOutcome.NoSuchFolder, (await RenameAsync(account, "no", "yes")).Outcome);
        Assert.Equal(FolderOutcome.Done, (await RenameAsync(account, "a", "new/z")).Outcome);
        Assert.Equal(below.Id, (await FindAsync(account, "new/z/b")).Id);
        Assert.Null(await Reader.FindFolderAsync(account, Name("a"), default));

        await StoreAsync(account, Copy(NewBody()));
        var renamed = await RenameAsync(account, "INBOX", "old");
        Assert.Equal("1", renamed.Moved!.To!.ToString());
        Assert.Equal(0, (await FindAsync(account, "INBOX")).Messages);
        Assert.Equal(1, (await FindAsync(account, "old")).Messages);
    }

    [SkippableFact]
    public async Task A_name_can_be_subscribed_that_no_folder_has()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        Assert.True(await Folders.SubscribeAsync(account, Name("future"), true, default));
        Assert.True(await Folders.SubscribeAsync(account, Name("Sent"), false, default));
        Assert.Equal(
            ["Archive", "Drafts", "INBOX", "Junk", "Trash", "future"],
            (await Reader.ListFoldersAsync(account, default)).Subscribed.Select(name => name.Text));
        Assert.False(await Folders.SubscribeAsync(new AccountId(4711), Name("x"), true, default));
    }

    [SkippableFact]
    public async Task An_append_is_all_or_nothing_and_is_fetched_with_all_that_came_with_it()
    {
        var account = await AddAccountAsync("bob@hamburger.edu", quotaBytes: 1000);
        var entry = Entry(NewBody(), 400, MessageFlags.Seen | MessageFlags.Deleted, "Work", "abc");
        var stored = await Folders.AppendAsync(account, FolderName.Inbox, [entry, entry], default);
        Assert.Equal("1:2", stored.Uids!.ToString());
        var over = await Folders.AppendAsync(account, FolderName.Inbox, [Entry(NewBody(), 1), Entry(NewBody(), 200)], default);
        Assert.Equal(FolderOutcome.OverQuota, over.Outcome);
        string[] many = [.. Enumerable.Range(0, 65).Select(i => $"k{i}")];
        var flooded = await Folders.AppendAsync(
            account, FolderName.Inbox, [Entry(NewBody(), 1, MessageFlags.None, [.. many])], default);
        Assert.Equal(FolderOutcome.TooManyKeywords, flooded.Outcome);

        await Folders.WriteStructureAsync(entry.Body, Octets(7), default);
        var inbox = await FindAsync(account, "INBOX");
        Assert.Equal((2, 0, 2, 800, 800), (inbox.Messages, inbox.Unseen, inbox.Deleted, inbox.Size, inbox.DeletedSize));
        Assert.Equal(["abc", "Work"], inbox.Keywords.AsEnumerable());
        var all = await Reader.FetchAsync(
            inbox.Id, UidSet.All, FetchColumns.Prefix | FetchColumns.Structure, default, 10, default);
        Assert.Equal([1u, 2u], all.Select(message => message.Uid.Value));
        Assert.Equal(
            (stored.ModSeq, entry.Flags, 400, entry.Body, entry.Prefix, Time.GetUtcNow()),
            (all[0].ModSeq, all[0].Flags, all[0].Size, all[0].Body, all[0].Prefix, all[0].SaveDate));
        Assert.Equal(Octets(7), all[0].Structure);
    }

    [SkippableFact]
    public async Task No_more_messages_are_kept_than_the_account_may_but_they_may_move()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        await Administration.SetMessageLimitAsync(MailAddress.Parse("bob@hamburger.edu"), 2, default);
        await Folders.AppendAsync(account, FolderName.Inbox, [Entry(NewBody(), 10), Entry(NewBody(), 20)], default);
        var inbox = await FindAsync(account, "INBOX");
        Assert.Equal(
            FolderOutcome.OverQuota,
            (await Folders.AppendAsync(account, FolderName.Inbox, [Entry(NewBody(), 1)], default)).Outcome);
        Assert.Equal(
            FolderOutcome.OverQuota, (await Folders.CopyAsync(account, inbox.Id, UidSet.All, Name("Sent"), default)).Outcome);
        Assert.Equal(
            FolderOutcome.Done, (await Folders.MoveAsync(account, inbox.Id, UidSet.All, Name("Sent"), default)).Outcome);
        Assert.Equal(StoreOutcome.OverQuota, await StoreAsync(account, Copy(NewBody())));
        Assert.Equal(new QuotaUsage(30, null, 2, 2), await Reader.GetQuotaAsync(account, default));
        Assert.Equal(2, Assert.Single(await Administration.ListAccountsAsync(null, default)).QuotaMessages);
    }

    [SkippableFact]
    public async Task Flags_change_only_where_they_differ_and_unchanged_since_names_the_others()
    {
        var (account, inbox) = await FilledAsync(5);
        var added = await FlagAsync(account, inbox, "2:3", FlagsAction.Add, MessageFlags.Seen, ["Work"]);
        Assert.Equal("2:3", Assert.Single(added.Changed).Uids.ToString());
        var again = await FlagAsync(account, inbox, "1:5", FlagsAction.Add, MessageFlags.Seen, ["wORK"]);
        Assert.Equal("1,4:5", Assert.Single(again.Changed).Uids.ToString());
        Assert.Equal(["Work"], again.Changed[0].Keywords.AsEnumerable());
        Assert.True(again.ModSeq > added.ModSeq);
        var none = await FlagAsync(account, inbox, "1:5", FlagsAction.Add, MessageFlags.Seen, []);
        Assert.Equal((0, 0), (none.ModSeq, none.Changed.Length));
        var some = await Folders.StoreFlagsAsync(
            account, inbox, UidSet.All, new(FlagsAction.Replace, MessageFlags.Deleted, [], added.ModSeq), default);
        Assert.Equal("2:3", Assert.Single(some.Changed).Uids.ToString());
        Assert.Equal("1,4:5", some.Failed.ToString());
        var removed = await FlagAsync(account, inbox, "1", FlagsAction.Remove, MessageFlags.Seen, ["work"]);
        Assert.Equal((MessageFlags.None, 0), (removed.Changed[0].Flags, removed.Changed[0].Keywords.Length));
        var folder = await FindAsync(account, "INBOX");
        Assert.Equal((3, 2, removed.ModSeq), (folder.Unseen, folder.Deleted, folder.HighestModSeq));
        Assert.Equal("4:5", (await FindUidsAsync(inbox, new() { Keyword = "WORK" })).ToString());
        Assert.Equal("1:3", (await FindUidsAsync(inbox, new() { WithoutKeyword = "work" })).ToString());
        Assert.Equal("2:3", (await FindUidsAsync(inbox, new() { With = MessageFlags.Deleted })).ToString());
        Assert.Equal("1:3", (await FindUidsAsync(inbox, new() { Without = MessageFlags.Seen })).ToString());
        Assert.Equal("1", (await FindUidsAsync(inbox, new() { ChangedSince = some.ModSeq })).ToString());
        Assert.Equal("4:5", (await FindUidsAsync(inbox, new() { Uids = Uids("3:9"), MinSize = 13 })).ToString());
        Assert.True((await FindUidsAsync(inbox, new() { SavedFrom = Time.GetUtcNow().AddSeconds(1) })).IsEmpty);
    }

    [SkippableFact]
    public async Task The_highest_modseq_is_that_of_the_messages_named()
    {
        var (account, inbox) = await FilledAsync(2500);
        var stored = (await FindAsync(account, "INBOX")).HighestModSeq;
        var flagged = await FlagAsync(account, inbox, "7,2400", FlagsAction.Add, MessageFlags.Seen, []);
        Assert.Equal(flagged.ModSeq, await Reader.HighestModSeqAsync(inbox, UidSet.All, default));
        Assert.Equal(stored, await Reader.HighestModSeqAsync(inbox, Uids("1:6,8:2399"), default));
        Assert.Equal(0, await Reader.HighestModSeqAsync(inbox, Uids("2501:9999"), default));
        Assert.Equal(0, await Reader.HighestModSeqAsync(inbox, UidSet.Empty, default));

        var scattered = UidSet.Of(Enumerable.Range(1, 1200).Select(i => new Uid((uint)i * 2)));
        Assert.Equal(flagged.ModSeq, await Reader.HighestModSeqAsync(inbox, scattered, default));
    }

    [SkippableFact]
    public async Task A_set_in_many_pieces_is_read_by_the_page()
    {
        var (_, inbox) = await FilledAsync(2500);
        var pieces = UidSet.Of(Enumerable.Range(1, 2500).Where(i => i < 300 || i % 2 == 0).Select(i => new Uid((uint)i)));
        var read = new List<Uid>();
        ImmutableArray<FetchedMessage> page;
        do
        {
            page = await Reader.FetchAsync(inbox, pieces, FetchColumns.Short, read.LastOrDefault(), 250, default);
            read.AddRange(page.Select(message => message.Uid));
        }
        while (page.Length == 250);

        Assert.Equal(pieces.Uids(), read);
    }

    [SkippableFact]
    public async Task Copies_keep_flags_and_moves_leave_nothing_behind()
    {
        var (account, inbox) = await FilledAsync(5);
        await FlagAsync(account, inbox, "3", FlagsAction.Add, MessageFlags.Deleted, ["Work"]);
        var copied = await Folders.CopyAsync(account, inbox, Uids("2:3,5,9"), Name("Archive"), default);
        Assert.Equal(("2:3,5", "1:3"), (copied.From!.ToString(), copied.To!.ToString()));
        var moved = await Folders.MoveAsync(account, inbox, Uids("4:9"), Name("Archive"), default);
        Assert.Equal(("4:5", "4:5"), (moved.From!.ToString(), moved.To!.ToString()));
        var within = await Folders.MoveAsync(account, inbox, Uids("1"), Name("INBOX"), default);
        Assert.Equal("6", within.To!.ToString());
        Assert.Equal(
            FolderOutcome.NoSuchFolder, (await Folders.CopyAsync(account, inbox, UidSet.All, Name("no"), default)).Outcome);

        var archive = await FindAsync(account, "Archive");
        Assert.Equal((5, 1, 11 + 12 + 14 + 13 + 14), (archive.Messages, archive.Deleted, archive.Size));
        Assert.Equal(["Work"], archive.Keywords.AsEnumerable());
        var opened = await Reader.OpenFolderAsync(account, FolderName.Inbox, default);
        Assert.Equal(("2:3,6", 3), (opened!.Uids.ToString(), opened.Folder.Messages));
        Assert.Equal(
            "1,4:5", (await Reader.ExpungedSinceAsync(inbox, copied.ToModSeq, default)).Uids.ToString());
        var quota = await Reader.GetQuotaAsync(account, default);
        Assert.Equal((8, archive.Size + opened.Folder.Size), (quota!.Messages, quota.Bytes));
    }

    [SkippableFact]
    public async Task A_replacement_comes_and_what_it_replaces_goes_in_one_step()
    {
        var account = await AddAccountAsync("bob@hamburger.edu", quotaBytes: 1000);
        var drafts = await FindAsync(account, "Drafts");
        var old = await SpoolAsync(Octets(600));
        await Folders.AppendAsync(account, Name("Drafts"), [Entry(old, 600), Entry(NewBody(), 100)], default);
        await Spool.ReleaseAsync([old], default);
        var known = await FindAsync(account, "Drafts");

        var replaced = await Folders.ReplaceAsync(
            account, drafts.Id, new Uid(1), Name("Drafts"), Entry(NewBody(), 800, MessageFlags.Draft, "Work"), default);
        Assert.Equal(FolderOutcome.Done, replaced.Outcome);
        var (appended, expunged) = (replaced.Appended!, replaced.Expunged!);
        Assert.Equal(("3", "1"), (appended.Uids!.ToString(), expunged.Uids.ToString()));
        Assert.Equal((known.HighestModSeq, known.HighestModSeq), (appended.Before, expunged.Before));
        Assert.True(appended.ModSeq > appended.Before && expunged.ModSeq > appended.ModSeq);
        Assert.Null(await ReadAsync(old));
        drafts = await FindAsync(account, "Drafts");
        Assert.Equal((2, 900, expunged.ModSeq), (drafts.Messages, drafts.Size, drafts.HighestModSeq));
        Assert.Equal(
            "1", (await Reader.ExpungedSinceAsync(drafts.Id, known.HighestModSeq, default)).Uids.ToString());
        Assert.Equal(new QuotaUsage(900, 1000, 2, null), await Reader.GetQuotaAsync(account, default));
    }

    [SkippableFact]
    public async Task A_replacement_in_another_folder_is_refused_or_done_as_a_whole()
    {
        var account = await AddAccountAsync("bob@hamburger.edu", quotaBytes: 1000);
        await Folders.AppendAsync(account, Name("Drafts"), [Entry(NewBody(), 600)], default);
        var drafts = await FindAsync(account, "Drafts");
        await AssertRefusedAsync(FolderOutcome.NoSuchFolder, 1, "Nowhere", Entry(NewBody(), 1));
        await AssertRefusedAsync(FolderOutcome.NoSuchMessage, 2, "Sent", Entry(NewBody(), 1));
        await AssertRefusedAsync(FolderOutcome.OverQuota, 1, "Sent", Entry(NewBody(), 1001));
        string[] many = [.. Enumerable.Range(0, 65).Select(i => $"k{i}")];
        await AssertRefusedAsync(FolderOutcome.TooManyKeywords, 1, "Sent", Entry(NewBody(), 1, MessageFlags.None, [.. many]));

        var replaced = await Folders.ReplaceAsync(
            account, drafts.Id, new Uid(1), Name("Sent"), Entry(NewBody(), 700, MessageFlags.Seen), default);
        var sent = await FindAsync(account, "Sent");
        drafts = await FindAsync(account, "Drafts");
        Assert.Equal((1, 700, 0), (sent.Messages, sent.Size, sent.Unseen));
        Assert.Equal((0, 0), (drafts.Messages, drafts.Size));
        Assert.Equal(
            (sent.Id, sent.HighestModSeq, drafts.HighestModSeq),
            (replaced.Appended!.Folder, replaced.Appended.ModSeq, replaced.Expunged!.ModSeq));

        async Task AssertRefusedAsync(FolderOutcome outcome, uint uid, string to, AppendEntry entry)
        {
            var refused = await Folders.ReplaceAsync(account, drafts.Id, new Uid(uid), Name(to), entry, default);
            Assert.Equal(new ReplaceResult(outcome), refused);
            Assert.Equal(
                (1, drafts.HighestModSeq),
                ((await FindAsync(account, "Drafts")).Messages, (await FindAsync(account, "Drafts")).HighestModSeq));
        }
    }

    [SkippableFact]
    public async Task An_expunge_takes_those_that_are_deleted_and_a_history_that_is_too_old_is_forgotten()
    {
        var (account, inbox) = await FilledAsync(2500);
        await FlagAsync(account, inbox, "1:2400", FlagsAction.Add, MessageFlags.Deleted, []);
        var before = (await FindAsync(account, "INBOX")).HighestModSeq;
        var expunged = await Folders.ExpungeAsync(account, inbox, Uids("101:2500"), default);
        Assert.Equal("101:2400", expunged.Uids.ToString());
        var folder = await FindAsync(account, "INBOX");
        Assert.Equal((200, 100, expunged.ModSeq), (folder.Messages, folder.Deleted, folder.HighestModSeq));
        var history = await Reader.ExpungedSinceAsync(inbox, before, default);
        Assert.Equal((false, "101:2400"), (history.IsForgotten, history.Uids.ToString()));
        Assert.True((await Reader.ExpungedSinceAsync(new FolderId(4711), before, default)).IsForgotten);
    }

    [SkippableFact]
    public async Task A_hundred_thousand_messages_are_flagged_copied_and_read_by_the_page()
    {
        const int Many = 100_000;
        var (account, inbox) = await FilledAsync(1000);
        for (var count = 1000; count < Many; count *= 10)
        {
            for (var i = 0; i < 9; i++)
            {
                await Folders.CopyAsync(account, inbox, Uids($"1:{count}"), FolderName.Inbox, default);
            }
        }

        var flagged = await FlagAsync(account, inbox, $"1:{Many}", FlagsAction.Add, MessageFlags.Seen, ["All"]);
        Assert.Equal(Many, Assert.Single(flagged.Changed).Uids.Count);
        Assert.Equal($"1:{Many}", (await FindUidsAsync(inbox, new() { With = MessageFlags.Seen })).ToString());
        var after = default(Uid);
        var read = 0;
        ImmutableArray<FetchedMessage> page;
        while (!(page = await Reader.FetchAsync(inbox, UidSet.All, FetchColumns.Short, after, 20_000, default)).IsEmpty)
        {
            after = page[^1].Uid;
            read += page.Length;
        }

        Assert.Equal(Many, read);
        Assert.Equal(0, (await FindAsync(account, "INBOX")).Unseen);
    }

    private static FolderName Name(string text) => FolderName.Parse(text);

    private static UidSet Uids(string text) => UidSet.Of(text.Split(',').Select(range => range.Split(':'))
        .Select(ends => new UidRange(new Uid(uint.Parse(ends[0])), new Uid(uint.Parse(ends[^1])))));

    private AppendEntry Entry(
        BodyId body, long size = 100, MessageFlags flags = MessageFlags.None, params ImmutableArray<string> keywords) =>
        new(body, size, "", flags, keywords, Time.GetUtcNow());

    /// <summary>An INBOX with messages of 10, 11, 12... octets.</summary>
    private async Task<(AccountId Account, FolderId Inbox)> FilledAsync(int messages)
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        await Folders.AppendAsync(
            account, FolderName.Inbox, [.. Enumerable.Range(0, messages).Select(i => Entry(NewBody(), 10 + i))], default);
        return (account, (await FindAsync(account, "INBOX")).Id);
    }

    private async Task<Folder> FindAsync(AccountId account, string name) =>
        (await Reader.FindFolderAsync(account, Name(name), default))!;

    private async Task<Folder> CreateAsync(AccountId account, string name)
    {
        await Folders.CreateFolderAsync(account, Name(name), null, default);
        return await FindAsync(account, name);
    }

    private Task<FolderChange> RenameAsync(AccountId account, string from, string to) =>
        Folders.RenameFolderAsync(account, Name(from), Name(to), default);

    private Task<FlagsResult> FlagAsync(
        AccountId account, FolderId folder, string uids, FlagsAction action, MessageFlags flags, string[] keywords) =>
        Folders.StoreFlagsAsync(account, folder, Uids(uids), new(action, flags, [.. keywords]), default);

    private Task<UidSet> FindUidsAsync(FolderId folder, MessageCriteria criteria) =>
        Reader.FindUidsAsync(folder, criteria, default);
}
