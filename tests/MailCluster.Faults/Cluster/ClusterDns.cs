using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MailCluster.Faults.Cluster;

/// <summary>The cluster's name server: a dnsmasq that knows Services and their pods, and nobody else.</summary>
internal sealed class ClusterDns : IDisposable
{
    private const int Port = 53;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1);
    private readonly IPAddress _address;
    private readonly string _hosts;
    private readonly Process _process;

    private ClusterDns(IPAddress address, string folder)
    {
        _address = address;
        _hosts = Path.Combine(folder, "dns");
        File.WriteAllText(_hosts, "");
        string[] arguments =
        [
            "--keep-in-foreground", "--conf-file=/dev/null", $"--pid-file={Path.Combine(folder, "dns.pid")}",
            "--user=root", "--no-resolv", "--no-hosts", "--bind-interfaces", $"--listen-address={address}",
            "--except-interface=lo", "--local=/cluster.local/", $"--addn-hosts={_hosts}",
            "--log-facility=" + Path.Combine(folder, "dns.log"),
        ];
        _process = Process.Start("dnsmasq", arguments);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
    }

    public static string? Missing => Shell.Find("dnsmasq") is null ? "dnsmasq" : null;

    public static async Task<ClusterDns> StartAsync(IPAddress address, string folder)
    {
        var dns = new ClusterDns(address, folder);
        // A signal before it is ready for one would end it.
        await Wait.UntilAsync("dnsmasq answers", () => AnswersAsync(new IPEndPoint(address, Port)), Patience);
        return dns;
    }

    /// <summary>What the kubelet writes into a pod's /etc/resolv.conf.</summary>
    public string ResolvConf(string @namespace) =>
        $"search {@namespace}.svc.cluster.local svc.cluster.local cluster.local\n"
        + $"nameserver {_address}\noptions ndots:5\n";

    /// <summary>From now on these names are known, with these addresses, and no others.</summary>
    public async Task PublishAsync(IEnumerable<(string Name, IPAddress Address)> records)
    {
        await _one.WaitAsync();
        try
        {
            await File.WriteAllLinesAsync(_hosts + ".new", records.Select(record => $"{record.Address} {record.Name}"));
            File.Move(_hosts + ".new", _hosts, overwrite: true);
            await Shell.RunAsync("kill", "-HUP", _process.Id.ToString(CultureInfo.InvariantCulture));
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        Stop();
        _process.Dispose();
        _one.Dispose();
    }

    private static async Task<bool> AnswersAsync(IPEndPoint server)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(server);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Stop()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It is gone.
        }
    }
}
