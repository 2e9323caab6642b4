using System.Globalization;
using System.Net;

namespace MailCluster.Faults.Cluster;

/// <summary>Where nodes get their addresses.</summary>
internal abstract class Network : IAsyncDisposable
{
    /// <summary>Where PostgreSQL and the next hops listen.</summary>
    public abstract IPAddress Host { get; }

    public abstract IPAddress AddressOf(int node);

    /// <summary>What stands before a node's command.</summary>
    public abstract string[] WrapperOf(int node);

    public virtual Task AddNodeAsync(int node) => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();
}

/// <summary>Loopback addresses, others for each run and each network of it.</summary>
internal sealed class LoopbackNetwork : Network
{
    private const int MaxNodes = 16;

    private static int _networks;

    private readonly int _before = (Interlocked.Increment(ref _networks) - 1) * MaxNodes;

    private readonly string _prefix = string.Create(
        CultureInfo.InvariantCulture, $"127.{64 + (Environment.ProcessId / 250 % 64)}.{Environment.ProcessId % 250}.");

    public override IPAddress Host => IPAddress.Loopback;

    public override IPAddress AddressOf(int node) =>
        IPAddress.Parse(_prefix + (_before + node).ToString(CultureInfo.InvariantCulture));

    public override string[] WrapperOf(int node) => [];

    public override ValueTask DisposeAsync() => default;
}

/// <summary>
/// A network namespace for each node, all on one bridge, so that links can be cut and spoiled. Needs root. All is
/// removed at the end.
/// </summary>
internal sealed class NamespaceNetwork : Network
{
    private readonly int _id = Environment.ProcessId % 30_000;
    private readonly HashSet<int> _nodes = [];

    private NamespaceNetwork()
    {
    }

    /// <summary>What this machine lacks for it, or null.</summary>
    public static async Task<string?> FindMissingAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "root, for network namespaces";
        }

        if (await Shell.TryRunAsync("nft", "list", "tables") is { } none)
        {
            return $"nftables: {none.Trim()}";
        }

        var probe = $"mcprobe{Environment.ProcessId}";
        if (await Shell.TryRunAsync("ip", "netns", "add", probe) is { } trouble)
        {
            return $"network namespaces: {trouble.Trim()}";
        }

        await Shell.RunAsync("ip", "netns", "del", probe);
        return null;
    }

    /// <summary>The nodes' /etc/resolv.conf; null for this machine's. Of nodes that are added after it was set.</summary>
    public string? ResolvConf { get; set; }

    public override IPAddress Host => IPAddress.Parse(Prefix + "254");

    private string Bridge => $"mcb{_id}";

    private string Prefix => string.Create(CultureInfo.InvariantCulture, $"10.{200 + (_id / 250 % 50)}.{_id % 250}.");

    public static async Task<NamespaceNetwork> CreateAsync()
    {
        var network = new NamespaceNetwork();
        await Shell.RunAsync("ip", "link", "add", network.Bridge, "type", "bridge");
        await Shell.RunAsync("ip", "addr", "add", network.Host + "/24", "dev", network.Bridge);
        await Shell.RunAsync("ip", "link", "set", network.Bridge, "up");
        return network;
    }

    public override IPAddress AddressOf(int node) =>
        IPAddress.Parse(Prefix + node.ToString(CultureInfo.InvariantCulture));

    public override string[] WrapperOf(int node) => ["ip", "netns", "exec", Name(node)];

    public override async Task AddNodeAsync(int node)
    {
        if (!_nodes.Add(node))
        {
            return;
        }

        var (name, link) = (Name(node), $"mcv{_id}-{node}");
        await Shell.RunAsync("ip", "netns", "add", name);
        if (ResolvConf is not null)
        {
            Directory.CreateDirectory(FilesOf(node));
            await File.WriteAllTextAsync(Path.Combine(FilesOf(node), "resolv.conf"), ResolvConf);
        }

        await Shell.RunAsync("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
        await Shell.RunAsync("ip", "link", "set", link, "master", Bridge, "up");
        await InAsync(node, "ip", "link", "set", "lo", "up");
        await InAsync(node, "ip", "addr", "add", AddressOf(node) + "/24", "dev", "eth0");
        await InAsync(node, "ip", "link", "set", "eth0", "up");
    }

    /// <summary>What <paramref name="node"/> sends to the other is gone without a word; not the other way.</summary>
    public Task CutAsync(int node, int other) =>
        InAsync(node, "ip", "route", "add", "blackhole", AddressOf(other) + "/32");

    public Task HealAsync(int node, int other) =>
        InAsync(node, "ip", "route", "del", "blackhole", AddressOf(other) + "/32");

    /// <summary>Of a hundred packets that reach the node from anywhere, so many are gone; at random.</summary>
    public async Task LoseAsync(int node, int percent)
    {
        await NftAsync(node, "add table netdev loss");
        await NftAsync(node, "add chain netdev loss in { type filter hook ingress device eth0 priority 0; }");
        await NftAsync(node, $"add rule netdev loss in numgen random mod 100 < {percent} drop");
    }

    public Task StopLosingAsync(int node) => NftAsync(node, "delete table netdev loss");

    public override async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await Shell.TryRunAsync("ip", "netns", "del", Name(node));
            if (Directory.Exists(FilesOf(node)))
            {
                Directory.Delete(FilesOf(node), recursive: true);
            }
        }

        await Shell.TryRunAsync("ip", "link", "del", Bridge);
    }

    private string Name(int node) => $"mcn{_id}-{node}";

    /// <summary>What stands here, <c>ip netns exec</c> shows the node below /etc.</summary>
    private string FilesOf(int node) => Path.Combine("/etc/netns", Name(node));

    private Task NftAsync(int node, string rule) => InAsync(node, ["nft", .. rule.Split(' ')]);

    private Task InAsync(int node, params string[] command) => Shell.RunAsync("ip", [.. WrapperOf(node)[1..], .. command]);
}
