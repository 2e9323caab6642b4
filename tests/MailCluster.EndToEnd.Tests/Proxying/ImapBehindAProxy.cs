using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Proxying;

/// <summary>Clients of IMAP are judged by their own address, too.</summary>
public sealed class ImapBehindAProxy(ProxiedNode proxied) : IClassFixture<ProxiedNode>
{
    [Theory]
    [InlineData("203.0.113.21", false, false)]
    [InlineData("203.0.113.22", true, false)]
    [InlineData("2001:db8::23", true, false)]
    [InlineData("127.0.0.1", false, true)]
    public async Task Passwords_in_plaintext_are_for_clients_on_loopback(string source, bool binary, bool offered)
    {
        using var client = await proxied.ConnectAsync("imap", Header(source, binary));

        var greeting = await GreetAsync(client);

        Assert.Equal(offered, greeting.Contains(" AUTH=PLAIN", StringComparison.Ordinal));
        Assert.Equal(!offered, greeting.Contains(" LOGINDISABLED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_header_comes_before_TLS_from_the_first_octet()
    {
        using var client = await proxied.ConnectAsync("imaps", Header("203.0.113.24", binary: true));
        await client.StartTlsAsync();

        Assert.Contains(" AUTH=PLAIN", await GreetAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_header_comes_before_STARTTLS()
    {
        using var client = await proxied.ConnectAsync("imap", Header("203.0.113.25", binary: false));
        await GreetAsync(client);
        await client.WriteAsync("a STARTTLS\r\n"u8.ToArray());
        Assert.StartsWith("a OK", await client.ReadLineAsync().OrSay(() => "leave to start TLS"), StringComparison.Ordinal);
        await client.StartTlsAsync();
        await client.WriteAsync("b CAPABILITY\r\n"u8.ToArray());

        Assert.Contains(
            " AUTH=PLAIN", await client.ReadLineAsync().OrSay(() => "the capabilities"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Octets_behind_the_header_are_kept()
    {
        byte[] octets = [.. Header("203.0.113.26", binary: false), .. "a NOOP\r\nb LOGOUT\r\n"u8];

        using var client = await proxied.ConnectAsync("imap", octets);

        foreach (var answer in (string[])["* OK ", "a OK ", "* BYE ", "b OK "])
        {
            Assert.StartsWith(answer, await client.ReadLineAsync().OrSay(() => answer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Connections_are_counted_by_client()
    {
        await using var node = await ProxiedNode.StartAsync("Imap:MaxConnectionsPerAddress=1");
        using var first = await LineClient.ConnectAsync(node["imap"]);
        await first.WriteAsync(Header("203.0.113.27", binary: false));
        await GreetAsync(first);
        using var other = await LineClient.ConnectAsync(node["imap"]);
        await other.WriteAsync(Header("203.0.113.28", binary: false));
        await GreetAsync(other);
        using var again = await LineClient.ConnectAsync(node["imap"]);
        await again.WriteAsync(Header("203.0.113.27", binary: true));

        Assert.StartsWith(
            "* BYE [UNAVAILABLE]", await again.ReadLineAsync().OrSay(() => "a refusal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_sends_something_else_is_closed_without_a_word()
    {
        using var client = await proxied.ConnectAsync("imap", Encoding.ASCII.GetBytes("a CAPABILITY\r\n"));

        Assert.Null(await client.ReadLineAsync().OrSay(() => "the end of the connection"));
    }

    private static byte[] Header(string source, bool binary) =>
        binary ? ProxiedNode.BinaryHeader(source) : ProxiedNode.TextHeader(source);

    private static async Task<string> GreetAsync(LineClient client)
    {
        var greeting = await client.ReadLineAsync().OrSay(() => "the greeting");
        Assert.StartsWith("* OK [CAPABILITY ", greeting, StringComparison.Ordinal);
        return greeting!;
    }
}
