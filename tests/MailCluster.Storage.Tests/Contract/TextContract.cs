using System.Text;
using CsCheck;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Storage.Search;

namespace MailCluster.Storage.Tests.Contract;

/// <summary>SEARCH of texts: the index must say what <see cref="TextCriterion.Matches"/> says.</summary>
public abstract class TextContract : StorageContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Few letters, so that needles are often found, and all that means something to a database.</summary>
    private static readonly Gen<string> Text = OneOf(
        "a", "b", "A", "ab", "aba", " ", "  ", "%", "_", "\\", "\"", "'", "*", "(", ")", "{", "-", "^", ":", "é", "É", "日", "本",
        "語", "𐐀", "𐐨", "\0", "\t", "\u00AD", "=?", "AND", "NEAR", "<", ">", "@").Array[0, 12].Select(string.Concat);

    private TextSearch Search => new(Storage.Texts, Reader, Spool);

    [SkippableFact]
    public async Task The_index_agrees_with_the_truth_whatever_is_sought_and_indexed()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var folders = 0;
        var messages = Gen.Select(Text, Text, Text, Text, Gen.Bool).Array[1, 25];
        var needles = Gen.Select(OneOf("subject", "X-A", "delivered-to", "to", "absent"), Gen.Int[0, 3], Text).Array[40];
        await Gen.Select(messages, needles).SampleAsync(
            async (messages, needles) =>
            {
                var (folder, texts) = await FillAsync(account, $"f{++folders}", messages);
                foreach (var (field, place, needle) in needles)
                {
                    var criterion = Criterion((TextPlace)place, field, needle);
                    var truth = texts.Where(text => criterion.Matches(text.Prefix) || criterion.Matches(text.Body))
                        .Select(text => text.Uid);
                    var found = await Search.FindAsync(folder, UidSet.All, criterion, default);
                    Assert.True(
                        UidSet.Of(truth).ToString() == found.ToString(),
                        $"{criterion}: {UidSet.Of(truth)} match, {found} were found");
                }
            },
            iter: 15,
            threads: 1);
    }

    [SkippableTheory]
    [InlineData("100%", "1")]
    [InlineData("a_b", "1")]
    [InlineData("c:\\dir", "1")]
    [InlineData("say \"hi\" AND", "1")]
    [InlineData("\"", "1")]
    [InlineData("o*", "1")]
    [InlineData("h", "1:3")]
    [InlineData("NOT (", "1")]
    [InlineData("x\0y", "2")]
    [InlineData("ÜBER", "2")]
    [InlineData("東京", "2")]
    [InlineData("", "1:3")]
    [InlineData("nowhere", "")]
    public async Task Characters_that_mean_something_to_a_database_are_sought_as_they_are(string needle, string uids)
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var inbox = await InboxAsync(account);
        await AppendAsync(account, "INBOX", await BodyAsync("100% a_b c:\\dir say \"hi\" AND foo* NOT (x"), index: true);
        await AppendAsync(account, "INBOX", await BodyAsync("x\0y über 東京 100x aXb which"), index: true);
        await AppendAsync(account, "INBOX", await BodyAsync("h"), index: true);
        var known = await Storage.Texts.FindAsync(inbox, UidSet.All, TextCriterion.InBody(needle), default);
        Assert.Equal((uids, ""), (known.Matching.ToString(), known.NotIndexed.ToString()));
    }

    [SkippableFact]
    public async Task Only_messages_of_the_folder_and_the_set_are_found_and_those_not_indexed_are_named()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var ann = await AddAccountAsync("ann@hamburger.edu");
        var shared = await BodyAsync("shared secret");
        await AppendAsync(bob, "INBOX", shared, index: false);
        await AppendAsync(ann, "INBOX", shared, index: true);
        await AppendAsync(ann, "INBOX", await BodyAsync("secret of ann"), index: true);
        await AppendAsync(bob, "INBOX", await BodyAsync("secret too"), index: false);
        await AppendAsync(bob, "INBOX", await BodyAsync("secret three"), index: true);
        var criterion = TextCriterion.InBody("secret");
        var inbox = await InboxAsync(bob);
        var known = await Storage.Texts.FindAsync(inbox, UidSet.All, criterion, default);
        Assert.Equal(("1,3", "2"), (known.Matching.ToString(), known.NotIndexed.ToString()));
        var some = UidSet.Of(new UidRange(new Uid(2), new Uid(2)), new UidRange(new Uid(3), new Uid(9)));
        known = await Storage.Texts.FindAsync(inbox, some, criterion, default);
        Assert.Equal(("3", "2"), (known.Matching.ToString(), known.NotIndexed.ToString()));
        Assert.Equal("1:3", (await Search.FindAsync(inbox, UidSet.All, criterion, default)).ToString());
        Assert.True((await Search.FindAsync(inbox, UidSet.Empty, criterion, default)).IsEmpty);
        Assert.True((await Search.FindAsync(new FolderId(4711), UidSet.All, criterion, default)).IsEmpty);
    }

    [SkippableFact]
    public async Task What_stands_before_the_body_is_a_copys_own()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var body = await BodyAsync("text");
        await AppendAsync(bob, "INBOX", body, index: true, "Delivered-To: bob@hamburger.edu\r\n");
        await AppendAsync(bob, "INBOX", body, index: true, "Delivered-To: alias@hamburger.edu\r\n");
        var inbox = await InboxAsync(bob);
        Assert.Equal("2", await FoundAsync(inbox, TextCriterion.InField("delivered-to", "ALIAS")));
        Assert.Equal("1:2", await FoundAsync(inbox, TextCriterion.InField("delivered-to", "")));
        Assert.Equal("1", await FoundAsync(inbox, TextCriterion.InText("to: bob@")));
        Assert.Equal("", await FoundAsync(inbox, TextCriterion.InBody("alias")));
    }

    [SkippableTheory]
    [InlineData("Delivered-To: bob <bob@hamburger.edu", ">")]
    [InlineData("Delivered-To: bob @ hamburger.edu", "bob@hamburger")]
    [InlineData("Delivered-To: a.\tb@hamburger.edu", "a.b")]
    public async Task What_stands_before_the_body_is_sought_as_people_see_it(string line, string needle)
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        await AppendAsync(bob, "INBOX", await BodyAsync("text"), index: true, $"{line}\r\n");
        Assert.Equal("1", await FoundAsync(await InboxAsync(bob), TextCriterion.InHeader(needle)));
    }

    [SkippableFact]
    public async Task A_text_goes_with_the_last_message_that_has_its_body()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var body = await BodyAsync("going");
        await AppendAsync(bob, "INBOX", body, index: true);
        await AppendAsync(bob, "Archive", body, index: true);
        var (inbox, archive) = (await InboxAsync(bob), await FolderAsync(bob, "Archive"));
        await Mailboxes.ExpungeInboxAsync(bob, [new Uid(1)], default);
        Assert.Equal("", await FoundAsync(inbox, TextCriterion.InBody("going")));
        Assert.Equal("1", await FoundAsync(archive, TextCriterion.InBody("going")));
        await Folders.StoreFlagsAsync(
            bob, archive, UidSet.All, new(FlagsAction.Add, MessageFlags.Deleted, [], long.MaxValue), default);
        await Folders.ExpungeAsync(bob, archive, UidSet.All, default);

        // The same body again: were the text still there, it would be indexed.
        await AppendAsync(bob, "INBOX", body, index: false);
        var known = await Storage.Texts.FindAsync(inbox, UidSet.All, TextCriterion.InBody("going"), default);
        Assert.Equal(("", "2"), (known.Matching.ToString(), known.NotIndexed.ToString()));
    }

    [SkippableFact]
    public async Task The_texts_of_a_removed_folder_go_too()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var body = await BodyAsync("going");
        await AppendAsync(bob, "Archive", body, index: true);
        await Folders.DeleteFolderAsync(bob, FolderName.Parse("Archive"), default);
        await AppendAsync(bob, "INBOX", body, index: false);
        Assert.Equal([body], (await Storage.Texts.ListNotIndexedAsync(default, 10, default)).Bodies.AsEnumerable());
    }

    [SkippableFact]
    public async Task A_text_without_a_message_is_not_kept_and_one_kept_twice_is_there_once()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var (lonely, body) = (await BodyAsync("lonely"), await BodyAsync("kept"));
        var text = new IndexedText(body, new SearchableText("", "kept\n"));
        await AppendAsync(bob, "INBOX", body, index: false);
        await Storage.Texts.WriteAsync([text, new IndexedText(lonely, text.Text), text], default);
        await Storage.Texts.WriteAsync([text], default);
        await Storage.Texts.WriteAsync([], default);
        await AppendAsync(bob, "INBOX", lonely, index: false);
        var known = await Storage.Texts.FindAsync(await InboxAsync(bob), UidSet.All, TextCriterion.InBody("kept"), default);
        Assert.Equal(("1", "2"), (known.Matching.ToString(), known.NotIndexed.ToString()));
    }

    [SkippableFact]
    public async Task What_is_not_indexed_is_listed_step_by_step()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var bodies = new List<BodyId>();
        for (var i = 0; i < 7; i++)
        {
            bodies.Add(await BodyAsync($"text {i}"));
            await AppendAsync(bob, "INBOX", bodies[^1], index: i % 2 == 0);
        }

        var listed = new List<BodyId>();
        var steps = 0;
        for (BodyId? next = default(BodyId); next is { } after; steps++)
        {
            var step = await Storage.Texts.ListNotIndexedAsync(after, 3, default);
            listed.AddRange(step.Bodies);
            next = step.Next;
        }

        Assert.Equal([.. bodies.Where((_, i) => i % 2 == 1).OrderBy(body => body.Value)], listed);
        Assert.Equal(3, steps);
        Assert.Equal(TextIndexKind.Trigrams, await Storage.Texts.GetKindAsync(default));
    }

    [SkippableFact]
    public async Task The_indexer_does_what_was_left_and_then_what_it_is_told()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var inbox = await InboxAsync(bob);
        await AppendAsync(bob, "INBOX", await BodyAsync("left behind"), index: false);
        var indexer = new TextIndexer(Storage.Texts, Spool, Time);
        using var ending = new CancellationTokenSource();
        var running = indexer.RunAsync(ending.Token);
        await UntilIndexedAsync(inbox, "what was left behind");
        var told = await BodyAsync("told");
        await AppendAsync(bob, "INBOX", told, index: false);
        indexer.Add(NewBody()); // Gone before its turn came.
        indexer.Add(told);
        await UntilIndexedAsync(inbox, "what was told");
        Assert.Equal("2", await FoundAsync(inbox, TextCriterion.InBody("told")));
        await ending.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [SkippableFact]
    public async Task More_than_can_wait_is_indexed_all_the_same()
    {
        var bob = await AddAccountAsync("bob@hamburger.edu");
        var inbox = await InboxAsync(bob);
        var indexer = new TextIndexer(Storage.Texts, Spool, Time);
        for (var i = 0; i < 11_000; i++)
        {
            indexer.Add(default);
        }

        var body = await BodyAsync("dropped");
        await AppendAsync(bob, "INBOX", body, index: false);
        indexer.Add(body);
        using var ending = new CancellationTokenSource();
        var running = indexer.RunAsync(ending.Token);
        await UntilIndexedAsync(inbox, "what the full queue dropped");
        await ending.CancelAsync();
        await running.WaitAsync(Patience);
    }

    protected async Task<FolderId> InboxAsync(AccountId account) => await FolderAsync(account, "INBOX");

    protected Task<BodyId> BodyAsync(string text, string header = "") => SpoolAsync(
        Encoding.UTF8.GetBytes($"{header}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"));

    /// <summary>Adds a message, and its text to the index if it is to be there.</summary>
    protected async Task AppendAsync(AccountId account, string folder, BodyId body, bool index, string prefix = "")
    {
        var appended = await Folders.AppendAsync(
            account,
            FolderName.Parse(folder),
            [new AppendEntry(body, 100, prefix, MessageFlags.None, [], Time.GetUtcNow())],
            default);
        Assert.Equal(FolderOutcome.Done, appended.Outcome);
        if (index)
        {
            await Storage.Texts.WriteAsync([new IndexedText(body, await TextAsync(body))], default);
        }
    }

    protected async Task<string> FoundAsync(FolderId folder, TextCriterion criterion) =>
        (await Search.FindAsync(folder, UidSet.All, criterion, default)).ToString();

    private async Task<FolderId> FolderAsync(AccountId account, string name) =>
        (await Reader.FindFolderAsync(account, FolderName.Parse(name), default))!.Id;

    private async Task<SearchableText> TextAsync(BodyId body)
    {
        using var stream = new MemoryStream((await ReadAsync(body))!);
        return await SearchableText.ReadAsync(stream);
    }

    private async Task UntilIndexedAsync(FolderId folder, string what)
    {
        using var waiting = new CancellationTokenSource(Patience);
        while (!(await Storage.Texts.FindAsync(folder, UidSet.All, TextCriterion.InBody("x"), default)).NotIndexed.IsEmpty)
        {
            Assert.False(waiting.IsCancellationRequested, $"not indexed: {what}");
            await Task.Yield();
        }
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static TextCriterion Criterion(TextPlace place, string field, string needle) => place switch
    {
        TextPlace.Field => TextCriterion.InField(field, needle),
        TextPlace.Header => TextCriterion.InHeader(needle),
        TextPlace.Body => TextCriterion.InBody(needle),
        _ => TextCriterion.InText(needle),
    };

    private async Task<(FolderId Folder, List<(Uid Uid, SearchableText Prefix, SearchableText Body)> Texts)> FillAsync(
        AccountId account, string name, (string Subject, string Other, string Body, string To, bool Index)[] messages)
    {
        await Folders.CreateFolderAsync(account, FolderName.Parse(name), null, default);
        var texts = new List<(Uid, SearchableText, SearchableText)>();
        foreach (var message in messages)
        {
            var body = await BodyAsync(message.Body, $"Subject: {message.Subject}\r\nX-A: {message.Other}\r\nX-A: x\r\n");
            var prefix = message.To.Length == 0 ? "" : $"Delivered-To: {message.To.Replace('\0', 'x')}\r\n";
            await AppendAsync(account, name, body, message.Index, prefix);
            texts.Add((new Uid((uint)texts.Count + 1), SearchableText.OfHeader(prefix), await TextAsync(body)));
        }

        return (await FolderAsync(account, name), texts);
    }
}
