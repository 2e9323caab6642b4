using System.Net;
using MailCluster.Node.Configuration;
using MailCluster.Node.Listeners.Proxy;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Listeners.Proxy;

public sealed class ProxyNetworksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("10.0.0.0/8, ::1", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8, ::1", "::1", true)]
    [InlineData("10.0.0.0/8, ::1", "::2", false)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::5", true)]
    [InlineData("::/0", "192.0.2.1", false)]
    [InlineData("", "127.0.0.1", false)]
    public void Only_peers_in_the_networks_of_the_listener_are_proxies(string networks, string peer, bool isProxy)
    {
        var options = LoadedConfiguration
            .Load(new() { DataFolder = _folder.Path, Assignments = [$"Listeners:smtp:ProxyNetworks={networks}"] })
            .Options;

        var ofSmtp = options.Listeners.Single(listener => listener.Name == "smtp").ProxyNetworks;
        var ofPop3 = options.Listeners.Single(listener => listener.Name == "pop3").ProxyNetworks;
        Assert.Equal(isProxy, new ProxyNetworks(ofSmtp).Contain(IPAddress.Parse(peer)));
        Assert.False(new ProxyNetworks(ofPop3).Contain(IPAddress.Parse(peer)));
    }

    [Fact]
    public void They_are_read_from_a_file()
    {
        var file = _folder.Write("my.json", """
            { "Listeners": { "mx": { "Protocol": "smtp", "Port": 25, "ProxyNetworks": ["10.0.0.0/8", "192.0.2.7"] } } }
            """);

        var options = LoadedConfiguration.Load(new() { DataFolder = _folder.Path, File = file }).Options;

        Assert.Equal("10.0.0.0/8 192.0.2.7/32", string.Join(' ', Assert.Single(options.Listeners).ProxyNetworks));
    }

    public void Dispose() => _folder.Dispose();
}
