using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>One node by itself, with the accounts of all dialogues.</summary>
public sealed class ImapDialogNode : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Dictionary<string, ImapDialogAccount> _accounts = [];
    private LiveNode? _node;

    public async Task InitializeAsync()
    {
        await using (var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions(_folder.Path), TimeProvider.System))
        await using (var database = new SqliteConnection(
            $"Data Source={Path.Combine(_folder.Path, "mail.db")};Pooling=false"))
        {
            _accounts = await ImapDialogAccount.CreateAllAsync(storage, database);
        }

        _node = await LiveNode.StartOnAsync(_folder.Path, "Node:Hostname=mail.hamburger.edu");
    }

    public Task DisposeAsync() => _node!.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    internal Task PlayAsync(string name) => ImapDialogPlayer.PlayAsync(name, _accounts[name], _ => _node!);
}
