using FluentMigrator.Runner;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Schema;
using MailCluster.Storage.Tests.Contract;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MailCluster.Storage.Tests.Sqlite;

/// <summary>A database of the program before IMAP, with folders and messages, is carried over.</summary>
public sealed class OlderFolders : IDisposable
{
    private const long LastBeforeFolders = 2026_11_23_0100;

    private const string OldRows = """
        INSERT INTO domain (id, name) VALUES (1, 'hamburger.edu');
        INSERT INTO account (id, domain_id, local_part, salt, iterations, stored_key, server_key, used_bytes,
            message_count, created_at) VALUES (7, 1, 'bob', x'00', 1, x'00', x'00', 30, 2, 0);
        INSERT INTO folder (id, account_id, name, uid_validity, uid_next, highest_modseq)
            VALUES (1, 7, 'INBOX', 500, 4, 200003), (2, 7, 'Sent', 500, 1, 0);
        INSERT INTO message (folder_id, uid, modseq, size, internal_date, flags, keywords, body_id, prefix)
            VALUES (1, 1, 1, 10, 1000, 0, '', zeroblob(16), ''), (1, 3, 3, 20, 2000, 9, '', zeroblob(16), 'X: y');
        """;

    private readonly string _folder = SqliteTestStorage.NewFolder();

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Counters_and_numbers_are_carried_over()
    {
        System.IO.Directory.CreateDirectory(_folder);
        var connection = $"Data Source={Path.Combine(_folder, "mail.db")};Pooling=False";
        MakeOldTables(connection);
        Execute(connection, OldRows);

        await using var storage = await SqliteTestStorage.OpenAsync(_folder, new ManualTime());
        var account = new AccountId(7);
        var list = await storage.FolderReader.ListFoldersAsync(account, default);
        Assert.Equal(["INBOX", "Sent"], list.Subscribed.Select(name => name.Text));
        var (inbox, sent) = (list.Folders[0], list.Folders[1]);
        Assert.Equal((2, 1, 1, 30, 20), (inbox.Messages, inbox.Unseen, inbox.Deleted, inbox.Size, inbox.DeletedSize));
        Assert.Equal((500u, 501u), (inbox.UidValidity.Value, sent.UidValidity.Value));
        Assert.Equal((200003, 1), (inbox.HighestModSeq, sent.HighestModSeq));
        Assert.True((await storage.FolderReader.ExpungedSinceAsync(inbox.Id, 5, default)).IsForgotten);
        var messages = await storage.FolderReader.FetchAsync(
            inbox.Id, UidSet.All, FetchColumns.Prefix, default, 10, default);
        Assert.Equal([1000L, 2000L], messages.Select(message => message.SaveDate.ToUnixTimeMilliseconds()));

        var made = await storage.Folders.CreateFolderAsync(account, FolderName.Parse("new"), null, default);
        var created = await storage.FolderReader.FindFolderAsync(account, FolderName.Parse("new"), default);
        Assert.Equal(made.Folder, created!.Id);
        Assert.True(created.UidValidity.Value > 501 && created.HighestModSeq > 200003);
    }

    [Fact]
    public async Task A_folder_whose_name_means_those_of_others_now_gets_another()
    {
        System.IO.Directory.CreateDirectory(_folder);
        var connection = $"Data Source={Path.Combine(_folder, "mail.db")};Pooling=False";
        MakeOldTables(connection);
        Execute(connection, OldRows);
        Execute(connection, """
            INSERT INTO folder (id, account_id, name, uid_validity, uid_next, highest_modseq)
                VALUES (3, 7, 'Other Users/x', 500, 1, 0), (4, 7, 'Other Users', 500, 1, 0), (5, 7, 'Other Userss', 500, 1, 0);
            """);

        await using var storage = await SqliteTestStorage.OpenAsync(_folder, new ManualTime());
        var list = await storage.FolderReader.ListFoldersAsync(new AccountId(7), default);
        string[] names = ["INBOX", "Other Users (own)", "Other Users (own)/x", "Other Userss", "Sent"];
        Assert.Equal(names, list.Folders.Select(folder => folder.Name.Text));
        Assert.Equal(names, list.Subscribed.Select(name => name.Text));
    }

    private static void MakeOldTables(string connection)
    {
        using var services = new ServiceCollection()
            .AddFluentMigratorCore()
            .ConfigureRunner(runner => runner.AddSQLite().WithGlobalConnectionString(connection)
                .ScanIn(typeof(SchemaMigrator).Assembly).For.Migrations())
            .Configure<FluentMigrator.Runner.Initialization.RunnerOptions>(options => options.Tags = [SchemaMigrator.Mail])
            .BuildServiceProvider(validateScopes: false);
        using var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<IMigrationRunner>().MigrateUp(LastBeforeFolders);
    }

    private static void Execute(string connectionString, string sql)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
