using MailCluster.EndToEnd.Tests.Fakes;
using Npgsql;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>Three nodes, with the accounts of all dialogues.</summary>
public sealed class ImapDialogCluster : IAsyncLifetime
{
    private Dictionary<string, ImapDialogAccount> _accounts = [];
    private LiveCluster? _cluster;

    public async Task InitializeAsync() => _cluster = await LiveCluster.StartAsync(async (storage, connectionString) =>
    {
        await using var database = new NpgsqlConnection(connectionString + ";Pooling=false");
        _accounts = await ImapDialogAccount.CreateAllAsync(storage, database);
    });

    public async Task DisposeAsync() => await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);

    internal Task PlayAsync(string name) => ImapDialogPlayer.PlayAsync(
        name, _accounts[name], client => _cluster!.Nodes[(client - 1) % _cluster.Nodes.Count]);

    /// <summary>How many of the dialogues' mailboxes are at home on each node, once all were asked for.</summary>
    internal Task<int[]> CountMailboxesAsync() => _cluster!.CountMailboxesAsync(_accounts.Values.Select(account => account.Id));
}
