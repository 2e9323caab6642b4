using System.Text;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Storage.Postgres;
using MailCluster.Storage.Search;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>Databases that have no texts yet, and servers that have no pg_trgm.</summary>
public sealed class TextTablesOfServer : PostgresTest
{
    [SkippableFact]
    public async Task A_database_of_before_is_carried_over_and_its_messages_are_to_be_indexed()
    {
        var (body, inbox) = await DeliverAsync("old news");
        await SqlAsync<object>("DROP TABLE body_text; DELETE FROM \"VersionInfo\" WHERE \"Version\" = 202611230110");
        await Assert.ThrowsAsync<StorageException>(() => Storage.OpenAnotherAsync());
        await PostgresStorage.ApplySchemaAsync(PostgresTestStorage.Options(Postgres.ConnectionString));
        await Storage.ReopenAsync();
        Assert.Equal([body], (await Storage.Texts.ListNotIndexedAsync(default, 10, default)).Bodies.AsEnumerable());
        Assert.Equal("1", (await FindAsync(inbox, "NEWS")).ToString());
    }

    [SkippableFact]
    public async Task Without_pg_trgm_the_same_is_found()
    {
        await SqlAsync<object>("DROP EXTENSION pg_trgm CASCADE");
        var (body, inbox) = await DeliverAsync("100% plain");
        Assert.Equal(TextIndexKind.None, await Storage.Texts.GetKindAsync(default));
        await Storage.Texts.WriteAsync([new IndexedText(body, new SearchableText("", "100% plain\n"))], default);
        Assert.Equal("1", (await FindAsync(inbox, "0% PL")).ToString());
        Assert.Equal("", (await FindAsync(inbox, "0%PL")).ToString());
    }

    [SkippableFact]
    public async Task A_text_that_a_race_left_without_a_message_goes_when_the_indexer_looks()
    {
        await DeliverAsync("kept");
        await SqlAsync<object>("INSERT INTO body_text VALUES ('\\x0123456789abcdef0123456789abcdef', '', 'lonely')");
        await Storage.Texts.ListNotIndexedAsync(default, 10, default);
        Assert.Equal(0, await SqlAsync<long>("SELECT count(*) FROM body_text"));
    }

    private async Task<(BodyId Body, FolderId Inbox)> DeliverAsync(string text)
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var body = await SpoolAsync(Encoding.ASCII.GetBytes($"Subject: x\r\n\r\n{text}\r\n"));
        await StoreAsync(account, Copy(body));
        return (body, (await Reader.FindFolderAsync(account, FolderName.Inbox, default))!.Id);
    }

    private Task<UidSet> FindAsync(FolderId folder, string needle) =>
        new TextSearch(Storage.Texts, Reader, Spool).FindAsync(folder, UidSet.All, TextCriterion.InBody(needle), default);
}
