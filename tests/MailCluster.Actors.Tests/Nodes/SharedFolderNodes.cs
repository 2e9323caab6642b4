using MailCluster.Mail.Addresses;
using MailCluster.Mail.Sasl;
using MailCluster.Storage;
using MailCluster.Storage.Sqlite;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>Two nodes on one real store with two users: the Mailboxes are on one of them.</summary>
public sealed class SharedFolderNodes : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("mailcluster-shared").FullName;
    private MailStorage? _storage;
    private ClusterNode? _mailboxes;
    private ClusterNode? _other;

    internal MailStorage Storage => _storage!;

    /// <summary>Has the Mailboxes.</summary>
    internal ClusterNode Mailboxes => _mailboxes!;

    internal ClusterNode Other => _other!;

    public async Task InitializeAsync()
    {
        _storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions(_folder), TimeProvider.System);
        await _storage.Administration.AddDomainAsync(DomainName.Parse("hamburger.edu"), default);
        foreach (var user in (string[])["alice", "bob"])
        {
            await _storage.Administration.AddAccountAsync(
                MailAddress.Parse($"{user}@hamburger.edu"), ScramVerifier.Create("secret"), null, default);
        }

        var stores = new SharedStores { Folders = _storage.Folders };
        using var timeout = new CancellationTokenSource(Patience);
        _mailboxes = await ClusterNode.StartAsync(stores, "mailbox", "delivery");
        await _mailboxes.JoinAsync(_mailboxes, timeout.Token);
        _other = await ClusterNode.StartAsync(stores, "queue");
        await _other.JoinAsync(_mailboxes, timeout.Token);
    }

    public async Task DisposeAsync()
    {
        await _other!.DisposeAsync();
        await _mailboxes!.DisposeAsync();
        await Storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Assert.Empty(_other.Errors.Concat(_mailboxes.Errors).Select(error => error.ToString()));
    }
}
