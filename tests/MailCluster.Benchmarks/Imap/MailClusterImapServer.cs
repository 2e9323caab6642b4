using System.Globalization;
using MailCluster.Benchmarks.Servers;
using MailCluster.Ledger;

namespace MailCluster.Benchmarks.Imap;

/// <summary>This project's program with its IMAP listener, as a process on a data folder of its own.</summary>
internal sealed class MailClusterImapServer : IImapServer
{
    private readonly NodeProcess _node;

    private MailClusterImapServer(NodeProcess node, int port)
    {
        _node = node;
        Port = port;
    }

    public string Name => "MailCluster";

    public int Port { get; }

    public TimeSpan ProcessorTime => ProcessFigures.ProcessorTime(_node.Id);

    public long Memory => ProcessFigures.ProportionalMemory(_node.Id);

    public static async Task<MailClusterImapServer> StartAsync(string dll, string folder)
    {
        var port = NodeProcess.FreePort();
        var node = new NodeProcess(
            dll, folder,
            string.Create(CultureInfo.InvariantCulture, $"Listeners:imap:Port={port}"), "Listeners:imaps:Port=0",
            "Imap:MaxConnections=20000", "Imap:MaxConnectionsPerAddress=20000", "Logging:Level=Warning");
        try
        {
            await StartAsync(node, folder);
            foreach (var user in ImapAccounts.All)
            {
                await ExternalProgram.RunWithInputAsync(
                    ImapAccounts.Password, "dotnet", dll, "account", "add", user, "--password-stdin", "--data", folder);
            }

            return new MailClusterImapServer(node, port);
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _node.KillAsync();
        _node.Dispose();
    }

    /// <summary>A node that cannot start says why in its log, such as that it has no IMAP.</summary>
    private static async Task StartAsync(NodeProcess node, string folder)
    {
        try
        {
            await node.StartAsync();
        }
        catch (OperationCanceledException)
        {
            var log = Path.Combine(folder, "..", "node.log");
            var said = File.Exists(log) ? await File.ReadAllTextAsync(log) : "nothing";
            throw new InvalidOperationException($"the node is not ready; it says: {said}");
        }
    }
}
