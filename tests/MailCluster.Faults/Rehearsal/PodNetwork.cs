using System.Globalization;
using System.Net;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Rehearsal;

/// <summary>
/// A bridge, and for each pod a network namespace on it with an address that no pod had before. Needs root. All is
/// removed at the end.
/// </summary>
internal sealed class PodNetwork : IAsyncDisposable
{
    private const int FirstPod = 10;
    private const string BridgeAddress = "02:6d:63:72:00:01";

    private readonly int _id = Environment.ProcessId % 30_000;
    private readonly HashSet<PodLink> _links = [];
    private int _last = FirstPod - 1;

    private PodNetwork()
    {
    }

    /// <summary>The machine's own: the kubelet, the name server and next hops outside of the cluster.</summary>
    public IPAddress Host => Address(1);

    public IPAddress Database => Address(2);

    private string Bridge => $"mcrb{_id}";

    public static async Task<PodNetwork> CreateAsync()
    {
        var network = new PodNetwork();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => network.DisposeAsync().AsTask().Wait();
        // Of its own: it would take on another with the next pod, and those that know it would talk to nobody.
        await Shell.RunAsync("ip", "link", "add", network.Bridge, "address", BridgeAddress, "type", "bridge");
        foreach (var own in (IPAddress[])[network.Host, network.Database])
        {
            await Shell.RunAsync("ip", "addr", "add", $"{own}/24", "dev", network.Bridge);
        }

        await Shell.RunAsync("ip", "link", "set", network.Bridge, "up");
        return network;
    }

    /// <summary>A namespace with a new address.</summary>
    public async Task<PodLink> AddAsync()
    {
        var number = Interlocked.Increment(ref _last);
        var link = new PodLink($"mcrn{_id}-{number}", $"mcrv{_id}-{number}", Address(number));
        lock (_links)
        {
            _links.Add(link);
        }

        await Shell.RunAsync("ip", "netns", "add", link.Namespace);
        await Shell.RunAsync(
            "ip", "link", "add", link.Device, "type", "veth", "peer", "name", "eth0", "netns", link.Namespace);
        await Shell.RunAsync("ip", "link", "set", link.Device, "master", Bridge, "up");
        await Shell.RunAsync("ip", "-n", link.Namespace, "link", "set", "lo", "up");
        await Shell.RunAsync("ip", "-n", link.Namespace, "addr", "add", $"{link.Address}/24", "dev", "eth0");
        await Shell.RunAsync("ip", "-n", link.Namespace, "link", "set", "eth0", "up");
        await Shell.RunAsync("ip", "-n", link.Namespace, "route", "add", "default", "via", Host.ToString());
        return link;
    }

    /// <summary>As if its cable were drawn: not even a reset leaves.</summary>
    public static Task CutAsync(PodLink link) => Shell.RunAsync("ip", "link", "set", link.Device, "down");

    public async Task RemoveAsync(PodLink link)
    {
        lock (_links)
        {
            _links.Remove(link);
        }

        await DeleteAsync(link);
    }

    public async ValueTask DisposeAsync()
    {
        PodLink[] left;
        lock (_links)
        {
            left = [.. _links];
            _links.Clear();
        }

        foreach (var link in left)
        {
            await DeleteAsync(link);
        }

        await Shell.TryRunAsync("ip", "link", "del", Bridge);
    }

    /// <summary>The device as well: connections that were never ended keep a namespace for minutes.</summary>
    private static async Task DeleteAsync(PodLink link)
    {
        await Shell.TryRunAsync("ip", "link", "del", link.Device);
        await Shell.TryRunAsync("ip", "netns", "del", link.Namespace);
    }

    private IPAddress Address(int host) => IPAddress.Parse(
        string.Create(CultureInfo.InvariantCulture, $"10.{100 + (_id / 250 % 50)}.{_id % 250}.{host}"));
}

/// <summary>A pod's end of the network.</summary>
internal sealed record PodLink(string Namespace, string Device, IPAddress Address);
