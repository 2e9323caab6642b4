using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Search;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Sqlite;
using MailCluster.Storage.Tests.Contract;

namespace MailCluster.Storage.Tests.Sqlite;

/// <summary>A SQLite store in a folder of its own that goes with it.</summary>
internal sealed class SqliteTestStorage : ITestStorage
{
    private readonly TimeProvider _time;
    private readonly bool _ownsFolder;
    private MailStorage _storage;

    private SqliteTestStorage(MailStorage storage, string folder, bool ownsFolder, TimeProvider time)
    {
        _storage = storage;
        _ownsFolder = ownsFolder;
        _time = time;
        Folder = folder;
    }

    public string Folder { get; }

    public ISpool Spool => _storage.Spool;

    public IMailboxStore Mailboxes => _storage.Mailboxes;

    public IFolderStore Folders => _storage.Folders;

    public IFolderReader FolderReader => _storage.FolderReader;

    public ITextIndex Texts => _storage.Texts;

    public IDirectory Directory => _storage.Directory;

    public IDirectoryAdministration Administration => _storage.Administration;

    public static async Task<SqliteTestStorage> OpenAsync(TimeProvider time)
    {
        var folder = NewFolder();
        return new SqliteTestStorage(await OpenAsync(folder, time), folder, ownsFolder: true, time);
    }

    /// <summary>Without the cache of recent bodies: what is read is what the file holds.</summary>
    public static Task<MailStorage> OpenAsync(string folder, TimeProvider time) =>
        SqliteStorage.OpenAsync(new SqliteStorageOptions(folder) { RecentBodyBytes = 0 }, time);

    public static string NewFolder() =>
        Path.Combine(Path.GetTempPath(), "mailcluster-storage-" + Guid.NewGuid().ToString("N"));

    public async Task<ITestStorage> OpenAnotherAsync() =>
        new SqliteTestStorage(await OpenAsync(Folder, _time), Folder, ownsFolder: false, _time);

    public async Task ReopenAsync()
    {
        await _storage.DisposeAsync();
        _storage = await OpenAsync(Folder, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        if (_ownsFolder)
        {
            System.IO.Directory.Delete(Folder, recursive: true);
        }
    }
}
