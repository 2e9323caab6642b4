using System.Diagnostics;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;
using Microsoft.Data.Sqlite;

namespace MailCluster.Storage.Tests.Sqlite;

/// <summary>
/// A folder of a million messages, one in a hundred of which is gone. Times are bounded with room for a busy machine; what
/// is allocated is bounded as it comes, which no machine changes.
/// </summary>
[Collection(nameof(MemoryBounds))]
public sealed class LargeFolder : IAsyncLifetime
{
    private const int Rows = 1_000_000;

    private const long Mebi = 1024 * 1024;

    private readonly string _folder = SqliteTestStorage.NewFolder();
    private MailStorage? _storage;
    private AccountId _account;

    public async Task InitializeAsync()
    {
        _storage = await SqliteTestStorage.OpenAsync(_folder, TimeProvider.System);
        await _storage.Administration.AddDomainAsync(DomainName.Parse("hamburger.edu"), default);
        _account = await _storage.Administration.AddAccountAsync(
            MailAddress.Parse("bob@hamburger.edu"), ScramVerifier.Create("secret"), null, default);
        Fill((await _storage.FolderReader.FindFolderAsync(_account, FolderName.Inbox, default))!.Id);
    }

    public async Task DisposeAsync()
    {
        await _storage!.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_million_messages_are_opened_searched_fetched_and_flagged_without_their_bodies()
    {
        var reader = _storage!.FolderReader;
        var opened = await WithinAsync(
            20, 32 * Mebi, () => reader.OpenFolderAsync(_account, FolderName.Inbox, default));
        var inbox = opened!.Folder;
        Assert.Equal((Rows - (Rows / 100), Rows / 100), (opened.Uids.Count, opened.Uids.Ranges.Length));
        var list = await WithinAsync(2, Mebi, () => reader.ListFoldersAsync(_account, default));
        Assert.Equal(inbox.Messages, list.Folders.Single(folder => folder.Name.IsInbox).Messages);

        var flagged = await WithinAsync(
            20, 4 * Mebi, () => reader.FindUidsAsync(inbox.Id, new MessageCriteria { With = MessageFlags.Flagged }, default));
        Assert.Equal(Rows / 1000, flagged.Count);
        // Each would take 40 ms if it walked through the folder.
        Assert.Equal(flagged.ToString(), await WithinAsync(2, 64 * Mebi, () => SearchAgainAsync(inbox.Id, times: 100)));
        var unseen = await WithinAsync(
            20,
            32 * Mebi,
            () => reader.FindUidsAsync(
                inbox.Id, new MessageCriteria { Uids = opened.Uids, Without = MessageFlags.Seen }, default));
        Assert.Equal(inbox.Messages - (Rows / 2), unseen.Count);

        foreach (var after in new[] { 0u, 500_000u, 990_000u })
        {
            var page = await WithinAsync(
                2, 4 * Mebi, () => reader.FetchAsync(inbox.Id, opened.Uids, FetchColumns.Short, new Uid(after), 1_000, default));
            Assert.Equal((1_000, after + 1), (page.Length, page[0].Uid.Value));
        }

        var one = UidSet.Of([new Uid(777_777)]);
        var stored = await WithinAsync(
            2,
            4 * Mebi,
            () => _storage.Folders.StoreFlagsAsync(
                _account, inbox.Id, one, new FlagsChange(FlagsAction.Add, MessageFlags.Flagged, []), default));
        Assert.Equal(one.ToString(), Assert.Single(stored.Changed).Uids.ToString());
        // Every session that has the folder open asks this after every change.
        var news = await WithinAsync(1, Mebi / 2, () => reader.ReadNewsAsync(inbox.Id, inbox.HighestModSeq, default));
        Assert.Equal((one.ToString(), stored.ModSeq), (news!.Changed.ToString(), news.Folder.HighestModSeq));

        // Each would take a quarter of a second if it walked through the folder.
        var changed = await WithinAsync(5, 32 * Mebi, () => StoreOneByOneAsync(inbox.Id, first: 500_001, count: 100));
        Assert.Equal(99, changed);
    }

    private async Task<string> SearchAgainAsync(FolderId inbox, int times)
    {
        var found = UidSet.Empty;
        for (var i = 0; i < times; i++)
        {
            found = await _storage!.FolderReader.FindUidsAsync(
                inbox, new MessageCriteria { With = MessageFlags.Flagged }, default);
        }

        return found.ToString();
    }

    /// <summary>Flags and keywords in turn; how many messages were there and were changed.</summary>
    private async Task<int> StoreOneByOneAsync(FolderId inbox, uint first, uint count)
    {
        var changed = 0;
        for (var uid = first; uid < first + count; uid++)
        {
            var change = new FlagsChange(
                FlagsAction.Add, MessageFlags.Answered, uid % 2 == 0 ? ["$Forwarded"] : [], UnchangedSince: 2);
            var stored = await _storage!.Folders.StoreFlagsAsync(
                _account, inbox, UidSet.Of([new Uid(uid)]), change, default);
            changed += stored.Changed.Length;
        }

        return changed;
    }

    private static async Task<T> WithinAsync<T>(int seconds, long octets, Func<Task<T>> work)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var result = await work();
        var (elapsed, allocated) = (watch.Elapsed, GC.GetTotalAllocatedBytes(precise: true) - before);
        Assert.True(elapsed < TimeSpan.FromSeconds(seconds), $"took {elapsed}");
        Assert.True(allocated < octets, $"allocated {allocated} octets in {elapsed}");
        return result;
    }

    /// <summary>By SQL and without a care for the disk: a million appends would take minutes.</summary>
    private void Fill(FolderId inbox)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "mail.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            PRAGMA synchronous=OFF;
            PRAGMA cache_size=-200000;
            BEGIN;
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < @rows)
            INSERT INTO message (folder_id, uid, modseq, size, internal_date, save_date, flags, keywords, body_id, prefix)
            SELECT @inbox, n, 2, 4000, 1700000000000 + n, 1700000000000 + n,
                (n & 1) | CASE WHEN n % 1000 = 1 THEN 4 ELSE 0 END, '', CAST(printf('%016d', n) AS BLOB),
                'Return-Path: <fred@hamburger.edu>' || char(13, 10)
            FROM number WHERE n % 100 <> 0;
            UPDATE folder SET uid_next = @rows + 1, highest_modseq = 2, messages = @rows - @rows / 100 WHERE id = @inbox;
            UPDATE account SET modseq = 2;
            COMMIT;
            """;
        command.Parameters.AddWithValue("@rows", Rows);
        command.Parameters.AddWithValue("@inbox", inbox.Value);
        command.ExecuteNonQuery();
    }
}
