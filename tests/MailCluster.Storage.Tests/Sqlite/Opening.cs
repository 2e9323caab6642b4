using MailCluster.Mail.Addresses;
using MailCluster.Storage.Schema;
using MailCluster.Storage.Sqlite;
using MailCluster.Storage.Tests.Contract;
using Microsoft.Data.Sqlite;

namespace MailCluster.Storage.Tests.Sqlite;

public sealed class Opening : IDisposable
{
    private readonly string _folder = SqliteTestStorage.NewFolder();
    private readonly ManualTime _time = new();

    public void Dispose()
    {
        if (System.IO.Directory.Exists(_folder))
        {
            System.IO.Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_stored_is_there_when_the_store_is_opened_again()
    {
        var domain = DomainName.Parse("hamburger.edu");
        await using (var first = await SqliteTestStorage.OpenAsync(_folder, _time))
        {
            await first.Administration.AddDomainAsync(domain, default);
        }

        await using var second = await SqliteTestStorage.OpenAsync(_folder, _time);
        Assert.True(await second.Directory.IsLocalDomainAsync(domain, default));
    }

    [Fact]
    public async Task The_data_folder_is_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var storage = await SqliteTestStorage.OpenAsync(_folder, _time);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Theory]
    [InlineData("spool")]
    [InlineData("mail")]
    public async Task A_database_of_a_newer_program_is_refused(string database)
    {
        await (await SqliteTestStorage.OpenAsync(_folder, _time)).DisposeAsync();
        var newer = SchemaMigrator.Newest(database) + 1;
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, database + ".db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO VersionInfo (Version) VALUES (@version)";
            command.Parameters.AddWithValue("@version", newer);
            command.ExecuteNonQuery();
        }

        var refusal = await Assert.ThrowsAsync<StorageException>(() => SqliteTestStorage.OpenAsync(_folder, _time));
        Assert.Contains($"{newer}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_refused()
    {
        await File.WriteAllTextAsync(_folder, "");
        try
        {
            await Assert.ThrowsAsync<StorageException>(() => SqliteTestStorage.OpenAsync(_folder, _time));
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        System.IO.Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "mail.db"), string.Concat(Enumerable.Repeat("no database ", 500)));
        await Assert.ThrowsAsync<StorageException>(() => SqliteTestStorage.OpenAsync(_folder, _time));
    }

    [Fact]
    public async Task Commits_wait_for_the_disk_and_readers_do_not_wait_for_the_writer()
    {
        await using var storage = await SqliteTestStorage.OpenAsync(_folder, _time);
        foreach (var name in (string[])["spool.db", "mail.db"])
        {
            using var connection = new SqliteDatabase(Path.Combine(_folder, name), pageSize: 4096).Open();
            Assert.Equal("wal", Pragma(connection, "journal_mode"));
            Assert.Equal(2L, Pragma(connection, "synchronous")); // FULL
            Assert.Equal(1L, Pragma(connection, "foreign_keys"));
        }
    }

    private static object? Pragma(System.Data.Common.DbConnection connection, string name)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this test.
        command.CommandText = $"PRAGMA {name}";
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
