using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Node.Tests.Fakes;
using MimeKit;

namespace MailCluster.EndToEnd.Tests.Proxying;

/// <summary>
/// A node behind a proxy on loopback: the listeners smtp, msa, submissions, pop3s, imap and imaps take nobody else. The
/// proxies of submission are far away, and pop3 knows none.
/// </summary>
public sealed class ProxiedNode : IAsyncLifetime
{
    private LiveNode? _node;

    internal LiveNode Node => _node ?? throw new InvalidOperationException("The node has not started.");

    public async Task InitializeAsync() => _node = await StartAsync("Smtp:RelayNetworks=192.0.2.0/24");

    public async Task DisposeAsync() => await Node.DisposeAsync();

    internal static Task<LiveNode> StartAsync(params string[] settings) => LiveNode.StartAsync(
    [
        "Listeners:smtp:ProxyNetworks=127.0.0.0/8, ::1", "Listeners:submissions:ProxyNetworks=127.0.0.0/8",
        "Listeners:pop3s:ProxyNetworks=127.0.0.0/8",
        "Listeners:imap:ProxyNetworks=127.0.0.0/8", "Listeners:imaps:ProxyNetworks=127.0.0.0/8",
        "Listeners:msa:Protocol=submission", "Listeners:msa:Port=0", "Listeners:msa:ProxyNetworks=127.0.0.0/8",
        "Listeners:submission:ProxyNetworks=192.0.2.7", .. settings,
    ]);

    internal static byte[] TextHeader(string source) => Encoding.ASCII.GetBytes(IsIPv6(source)
        ? $"PROXY TCP6 {source} 2001:db8::25 40000 25\r\n"
        : $"PROXY TCP4 {source} 198.51.100.25 40000 25\r\n");

    internal static byte[] BinaryHeader(string source) => IsIPv6(source)
        ? ProxyOctets.WithChecksum(ProxyOctets.V2($"[{source}]:40000", "[2001:db8::25]:25"))
        : ProxyOctets.V2($"{source}:40000", "198.51.100.25:25", ProxyOctets.Tlv(2, "mx.example"u8.ToArray()));

    /// <summary>A client whose proxy has said this of it.</summary>
    internal async Task<LineClient> ConnectAsync(string listener, byte[] header)
    {
        var client = await LineClient.ConnectAsync(Node[listener]);
        await client.WriteAsync(header);
        return client;
    }

    /// <summary>Bob's message of this subject, as soon as it is there.</summary>
    internal async Task<MimeMessage> WaitForAsync(string subject)
    {
        var messages = await Patience.WaitForAsync(
            $"a message '{subject}' for bob",
            () => Node.ReadMailAsync("bob"),
            messages => messages.Exists(message => message.Subject == subject));
        return messages.Single(message => message.Subject == subject);
    }

    private static bool IsIPv6(string address) => address.Contains(':', StringComparison.Ordinal);
}
