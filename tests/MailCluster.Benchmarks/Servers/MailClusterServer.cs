using System.Globalization;
using MailCluster.Ledger;

namespace MailCluster.Benchmarks.Servers;

/// <summary>This project's program, as a process of its own on a data folder of its own.</summary>
internal sealed class MailClusterServer : IMailServer
{
    private readonly NodeProcess _node;

    private MailClusterServer(NodeProcess node) => _node = node;

    public string Name => "MailCluster";

    public int Port => _node.SmtpPort;

    public TimeSpan ProcessorTime => ProcessFigures.ProcessorTime(_node.Id);

    public long ResidentMemory => ProcessFigures.ResidentMemory(_node.Id);

    /// <summary>With a next hop on that port, which may be closed: then mail stays queued.</summary>
    public static async Task<MailClusterServer> StartAsync(
        string dll, string folder, int nextHop, params string[] settings)
    {
        Directory.CreateDirectory(folder);
        var node = new NodeProcess(
            dll, folder,
            [
                "Smtp:RelayNetworks:0=127.0.0.0/8", "Relay:SmartHost:Host=127.0.0.1",
                string.Create(CultureInfo.InvariantCulture, $"Relay:SmartHost:Port={nextHop}"),
                "Relay:SmartHost:Tls=none", "Relay:MaxConnectionsPerDestination=100", "Relay:MinBackOff=1h",
                "Relay:MaxBackOff=2h", "Logging:Level=Warning", .. settings,
            ]);
        await node.StartAsync();
        return new MailClusterServer(node);
    }

    public Task<int> CountQueuedAsync() => _node.CountQueuedAsync();

    /// <summary>Stops it politely and starts it again on the same data; until it is ready for mail.</summary>
    public async Task RestartAsync(Action stopped)
    {
        await _node.StopAsync();
        stopped();
        await _node.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.KillAsync();
        _node.Dispose();
    }
}
