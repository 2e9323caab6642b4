using System.Diagnostics;
using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Node.Listeners.Proxy;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Proxying;

/// <summary>A proxy must send a header, and nobody else can.</summary>
public sealed class WrongHeaders(ProxiedNode proxied) : IClassFixture<ProxiedNode>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_a_peer_that_is_no_proxy_a_header_is_bad_SMTP(bool binary)
    {
        var header = binary ? ProxiedNode.BinaryHeader("203.0.113.1") : ProxiedNode.TextHeader("203.0.113.1");
        using var client = await proxied.ConnectAsync("submission", header);

        Assert.StartsWith("220 ", await client.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("500 ", await client.ReadReplyAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtp", "EHLO client.example\r\n")]
    [InlineData("smtp", "PROXY TCP4 203.0.113.1 198.51.100.25 40000\r\n")]
    [InlineData("smtp", "\u0016\u0003\u0001")]
    [InlineData("submissions", "\u0016\u0003\u0001")]
    [InlineData("pop3s", "USER bob\r\n")]
    public async Task A_proxy_that_sends_something_else_is_closed_without_a_word(string listener, string octets)
    {
        using var client = await proxied.ConnectAsync(listener, Encoding.ASCII.GetBytes(octets));

        Assert.Null(await client.ReadLineAsync().OrSay(() => "the end of the connection"));
    }

    [Fact]
    public async Task A_proxy_of_a_Unix_socket_is_closed()
    {
        var header = ProxyOctets.V2(ProxyOctets.Proxy, 0x31, new byte[216]);
        using var client = await proxied.ConnectAsync("smtp", header);

        Assert.Null(await client.ReadLineAsync().OrSay(() => "the end of the connection"));
    }

    [Fact]
    public async Task A_proxy_that_stops_within_its_header_is_closed_when_its_time_is_up()
    {
        var since = Stopwatch.StartNew();
        using var silent = await proxied.ConnectAsync("smtp", []);
        using var client = await proxied.ConnectAsync("submissions", Encoding.ASCII.GetBytes("PROXY TCP4 203.0"));

        Assert.Null(await silent.ReadLineAsync().OrSay(() => "the end of the silent connection"));
        Assert.Null(await client.ReadLineAsync().OrSay(() => "the end of the connection"));
        Assert.InRange(since.Elapsed, ProxyHeaderReader.Limit - TimeSpan.FromMilliseconds(100), Patience.Limit);
    }
}
