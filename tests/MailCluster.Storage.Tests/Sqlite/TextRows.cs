using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Storage.Search;
using MailCluster.Storage.Tests.Contract;
using Microsoft.Data.Sqlite;

namespace MailCluster.Storage.Tests.Sqlite;

/// <summary>Texts and their index are one: what is rolled back or removed is so in both.</summary>
public sealed class TextRows : StorageContract
{
    private string Database => Path.Combine(((SqliteTestStorage)Storage).Folder, "mail.db");

    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);

    [Fact]
    public async Task A_batch_that_fails_leaves_nothing_in_table_or_index()
    {
        var texts = await DeliverAsync(20);
        Execute("CREATE TRIGGER trouble BEFORE INSERT ON body_text WHEN new.body LIKE 'text 13%'"
            + " BEGIN SELECT RAISE(ABORT, 'trouble'); END");
        await Assert.ThrowsAsync<StorageException>(() => Storage.Texts.WriteAsync(texts, default));
        Assert.Equal((0, 0), Counts());
        Execute("DROP TRIGGER trouble");
        await Storage.Texts.WriteAsync(texts, default);
        Assert.Equal((20, 20), Counts());
    }

    [Fact]
    public async Task What_is_expunged_is_in_neither_after_the_store_is_opened_again()
    {
        var texts = await DeliverAsync(20);
        await Storage.Texts.WriteAsync(texts, default);
        var account = new AccountId(1);
        await Mailboxes.ExpungeInboxAsync(account, [.. Enumerable.Range(1, 12).Select(uid => new Uid((uint)uid))], default);
        Assert.Equal((8, 8), Counts());
        await Storage.ReopenAsync();
        Assert.Equal((8, 8), Counts());
        var inbox = (await Reader.FindFolderAsync(account, FolderName.Inbox, default))!.Id;
        var found = await Storage.Texts.FindAsync(inbox, UidSet.All, TextCriterion.InBody("text"), default);
        Assert.Equal(("13:20", ""), (found.Matching.ToString(), found.NotIndexed.ToString()));
    }

    private async Task<List<IndexedText>> DeliverAsync(int count)
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        Assert.Equal(1, account.Value);
        var texts = new List<IndexedText>();
        for (var i = 0; i < count; i++)
        {
            var body = NewBody();
            await StoreAsync(account, Copy(body));
            texts.Add(new IndexedText(body, new SearchableText("\nsubject: x\n", $"text {i}\n")));
        }

        return texts;
    }

    /// <summary>Rows of the table, and of the index whose own check must find no fault.</summary>
    private (long Texts, long Indexed) Counts()
    {
        Execute("INSERT INTO body_trigram (body_trigram) VALUES ('integrity-check')");
        return (Execute("SELECT count(*) FROM body_text"),
            Execute("SELECT count(*) FROM body_trigram WHERE body_trigram MATCH '\"tex\"'"));
    }

    private long Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() is long number ? number : 0;
    }
}
