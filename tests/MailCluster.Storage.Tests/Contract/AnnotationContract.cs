using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Tests.Contract;

/// <summary>Entries of METADATA.</summary>
public abstract class AnnotationContract : StorageContract
{
    private static FolderId Server => default;

    [SkippableFact]
    public async Task Entries_are_set_replaced_and_removed_for_a_folder_or_the_server()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var inbox = await IdAsync(account, "INBOX");
        Assert.Equal(0, (await SetAsync(account, "INBOX", ("/private/comment", null))).ModSeq);
        await SetAsync(account, "INBOX", ("/private/comment", "mine"), ("/shared/comment", ""));
        await SetAsync(account, null, ("/private/vendor/x/y", "all"));
        Assert.Equal("/private/comment=mine /shared/comment=", await ListAsync(account, inbox));
        Assert.Equal("/private/vendor/x/y=all", await ListAsync(account, Server));
        await SetAsync(account, "INBOX", ("/private/comment", "ours"), ("/shared/comment", null));
        Assert.Equal("/private/comment=ours", await ListAsync(account, inbox));
        Assert.Equal(FolderOutcome.NoSuchFolder, (await SetAsync(account, "x", ("/private/comment", "x"))).Outcome);
        Assert.Equal("", await ListAsync(await AddAccountAsync("alice@hamburger.edu"), Server));
    }

    [SkippableFact]
    public async Task What_was_set_and_removed_is_told_once_in_the_order_of_the_changes()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var inbox = await IdAsync(account, "INBOX");
        var start = (await Reader.ReadAnnotationNewsAsync(account, long.MaxValue, default)).ModSeq;
        Assert.Equal((await Reader.FindFolderAsync(account, FolderName.Inbox, default))!.HighestModSeq, start);
        var first = await SetAsync(account, "INBOX", ("/private/comment", "x"), ("/shared/comment", "y"));
        var second = await SetAsync(account, "INBOX", ("/private/comment", null));
        Assert.True(first.ModSeq > start && second.ModSeq > first.ModSeq);
        var news = await Reader.ReadAnnotationNewsAsync(account, start, default);
        Assert.Equal(second.ModSeq, news.ModSeq);
        Assert.Equal(
            [new(inbox, Entry("/private/comment"), second.ModSeq), new(inbox, Entry("/shared/comment"), first.ModSeq)],
            news.Changed.AsEnumerable());
        Assert.Empty((await Reader.ReadAnnotationNewsAsync(account, second.ModSeq, default)).Changed);
    }

    [SkippableFact]
    public async Task They_follow_a_renamed_folder_stay_with_the_inbox_and_go_with_a_deleted_one()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        await Folders.CreateFolderAsync(account, Name("a"), null, default);
        await SetAsync(account, "a", ("/private/comment", "a's"));
        await SetAsync(account, "INBOX", ("/private/comment", "inbox's"));
        await Folders.RenameFolderAsync(account, Name("a"), Name("b"), default);
        await Folders.RenameFolderAsync(account, FolderName.Inbox, Name("old"), default);
        Assert.Equal("/private/comment=a's", await ListAsync(account, await IdAsync(account, "b")));
        Assert.Equal("/private/comment=inbox's", await ListAsync(account, await IdAsync(account, "old")));
        Assert.Equal("/private/comment=inbox's", await ListAsync(account, await IdAsync(account, "INBOX")));
        var named = await Reader.FindAnnotationsAsync(account, [Entry("/private/comment"), Entry("/shared/comment")], default);
        Assert.Equal(3, named.Length);

        var gone = await IdAsync(account, "b");
        await Folders.DeleteFolderAsync(account, Name("b"), default);
        Assert.Equal("", await ListAsync(account, gone));
        await Folders.CreateFolderAsync(account, Name("b"), null, default);
        Assert.Equal("", await ListAsync(account, await IdAsync(account, "b")));
        await Administration.RemoveAccountAsync(MailAddress.Parse("bob@hamburger.edu"), default);
        Assert.Equal("", await ListAsync(account, await IdOrNone(account, "INBOX")));
    }

    [SkippableFact]
    public async Task Too_many_entries_or_octets_change_nothing()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        (string, string?)[] most = [.. Enumerable.Range(0, Annotation.MaxEntries).Select(i => ($"/private/e{i}", (string?)"v"))];
        Assert.Equal(FolderOutcome.Done, (await SetAsync(account, "INBOX", most)).Outcome);
        var over = await SetAsync(account, "INBOX", ("/private/e0", "changed"), ("/private/one-more", "v"));
        Assert.Equal(FolderOutcome.TooManyAnnotations, over.Outcome);
        Assert.DoesNotContain("changed", await ListAsync(account, await IdAsync(account, "INBOX")), StringComparison.Ordinal);
        Assert.Equal(
            FolderOutcome.Done, (await SetAsync(account, "INBOX", ("/private/e0", null), ("/private/one-more", "v"))).Outcome);

        var large = new string('x', Annotation.MaxValue);
        var outcome = FolderOutcome.Done;
        var folders = 0;
        for (var left = Annotation.MaxOctets; outcome == FolderOutcome.Done; left -= 50 * Annotation.MaxValue)
        {
            Assert.True(left > -50 * Annotation.MaxValue);
            var name = $"f{folders++}";
            await Folders.CreateFolderAsync(account, Name(name), null, default);
            outcome = (await SetAsync(
                account, name, [.. Enumerable.Range(0, 50).Select(i => ($"/private/e{i}", (string?)large))])).Outcome;
        }

        Assert.Equal(FolderOutcome.TooManyAnnotations, outcome);
    }

    [SkippableFact]
    public async Task Only_the_last_removals_are_remembered()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        for (var i = 0; i < 103; i++)
        {
            await SetAsync(account, "INBOX", ($"/private/e{i}", "v"));
            await SetAsync(account, "INBOX", ($"/private/e{i}", null));
        }

        var news = await Reader.ReadAnnotationNewsAsync(account, 0, default);
        Assert.Equal(100, news.Changed.Length);
        Assert.DoesNotContain(Entry("/private/e2"), news.Changed.Select(changed => changed.Name));
    }

    private Task<AnnotationResult> SetAsync(AccountId account, string? folder, params (string Name, string? Value)[] entries) =>
        Folders.AnnotateAsync(
            account,
            folder is null ? null : Name(folder),
            [.. entries.Select(entry => new AnnotationChange(
                Entry(entry.Name), entry.Value is { } value ? (ReadOnlyMemory<byte>?)System.Text.Encoding.UTF8.GetBytes(value) : null))],
            default);

    private async Task<string> ListAsync(AccountId account, FolderId folder) => string.Join(
        ' ',
        (await Reader.ReadAnnotationsAsync(account, folder, default)).Select(
            entry => $"{entry.Name}={System.Text.Encoding.UTF8.GetString(entry.Value.Span)}"));

    private async Task<FolderId> IdAsync(AccountId account, string name) =>
        (await Reader.FindFolderAsync(account, Name(name), default))!.Id;

    private async Task<FolderId> IdOrNone(AccountId account, string name) =>
        (await Reader.FindFolderAsync(account, Name(name), default))?.Id ?? Server;

    private static EntryName Entry(string text) => EntryName.TryParse(text, out var name) ? name : throw new FormatException(text);

    private static FolderName Name(string text) => FolderName.Parse(text);
}
