using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Smtp.Tests.Server;

namespace MailCluster.EndToEnd.Tests.Proxying;

/// <summary>They are judged, and written down, by their own address.</summary>
public sealed class ClientsBehindAProxy(ProxiedNode proxied) : IClassFixture<ProxiedNode>
{
    public static readonly TheoryData<string, bool, string> Clients = new()
    {
        { "203.0.113.1", false, "[203.0.113.1]" },
        { "203.0.113.2", true, "[203.0.113.2]" },
        { "2001:db8::3", false, "[IPv6:2001:db8::3]" },
        { "2001:db8::4", true, "[IPv6:2001:db8::4]" },
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task The_trace_field_has_the_address_of_the_client(string source, bool binary, string shown)
    {
        using var client = await proxied.ConnectAsync("smtp", Header(source, binary));
        await GreetAsync(client);
        await client.SendAsync("alice@crepes.fr", ["bob@hamburger.edu"], $"Subject: from {source}\r\n\r\nbody");

        var message = await proxied.WaitForAsync($"from {source}");
        Assert.Contains(shown, message.Headers["Received"], StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", message.Headers["Received"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("203.0.113.11", false)]
    [InlineData("203.0.113.12", true)]
    public async Task The_header_comes_before_TLS_from_the_first_octet(string source, bool binary)
    {
        using var client = await proxied.ConnectAsync("submissions", Header(source, binary));
        await client.StartTlsAsync();
        await GreetAsync(client);
        var password = DialogText.Passwords["bob"];
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0bob@hamburger.edu\0{password}"));
        Assert.StartsWith("235 ", await client.SayAsync($"AUTH PLAIN {login}"), StringComparison.Ordinal);
        await client.SendAsync("bob@hamburger.edu", ["bob@hamburger.edu"], $"Subject: secured {source}\r\n\r\nbody");

        var message = await proxied.WaitForAsync($"secured {source}");
        Assert.Contains($"[{source}]", message.Headers["Received"], StringComparison.Ordinal);
        Assert.Contains("with ESMTPSA", message.Headers["Received"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pop3_over_TLS_takes_them_too()
    {
        using var client = await proxied.ConnectAsync("pop3s", Header("203.0.113.13", binary: true));
        await client.StartTlsAsync();

        Assert.StartsWith("+OK", await client.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Octets_behind_the_header_are_kept()
    {
        const string commands =
            "EHLO client.example\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nQUIT\r\n";
        byte[] octets = [.. Header("203.0.113.14", binary: false), .. Encoding.ASCII.GetBytes(commands)];

        using var client = await proxied.ConnectAsync("smtp", octets);

        foreach (var code in (string[])["220 ", "250", "250 ", "250 ", "221 "])
        {
            Assert.StartsWith(code, await client.ReadReplyAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("192.0.2.99", "250 ")]
    [InlineData("198.51.100.99", "554 ")]
    public async Task Networks_that_may_relay_are_those_of_clients(string source, string reply)
    {
        using var client = await proxied.ConnectAsync("smtp", Header(source, binary: true));
        await GreetAsync(client);
        await client.SayAsync("MAIL FROM:<alice@crepes.fr>");

        Assert.StartsWith(reply, await client.SayAsync("RCPT TO:<carol@sink.example>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("203.0.113.16", false)]
    [InlineData("127.0.0.1", true)]
    public async Task Passwords_in_plaintext_are_for_clients_on_loopback(string source, bool offered)
    {
        using var client = await proxied.ConnectAsync("msa", Header(source, binary: false));

        Assert.Equal(offered, (await GreetAsync(client)).Contains(" PLAIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connections_are_counted_by_client()
    {
        await using var node = await ProxiedNode.StartAsync("Smtp:MaxConnectionsPerAddress=1");
        using var first = await LineClient.ConnectAsync(node["smtp"]);
        await first.WriteAsync(Header("203.0.113.17", binary: false));
        Assert.StartsWith("220 ", await first.ReadReplyAsync(), StringComparison.Ordinal);
        using var other = await LineClient.ConnectAsync(node["smtp"]);
        await other.WriteAsync(Header("203.0.113.18", binary: false));
        Assert.StartsWith("220 ", await other.ReadReplyAsync(), StringComparison.Ordinal);
        using var again = await LineClient.ConnectAsync(node["smtp"]);
        await again.WriteAsync(Header("203.0.113.17", binary: true));

        Assert.StartsWith("421 4.3.2 ", await again.ReadReplyAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n", "unknown")]
    [InlineData(null, "local")]
    public async Task A_proxy_that_speaks_for_itself_has_its_own_address(string? line, string subject)
    {
        var header = line is null ? ProxyOctets.V2(ProxyOctets.Local, 0, []) : Encoding.ASCII.GetBytes(line);
        using var client = await proxied.ConnectAsync("smtp", header);
        await GreetAsync(client);
        await client.SendAsync("alice@crepes.fr", ["bob@hamburger.edu"], $"Subject: {subject}\r\n\r\nbody");

        var message = await proxied.WaitForAsync(subject);
        Assert.Contains("[127.0.0.1]", message.Headers["Received"], StringComparison.Ordinal);
    }

    private static byte[] Header(string source, bool binary) =>
        binary ? ProxiedNode.BinaryHeader(source) : ProxiedNode.TextHeader(source);

    private static async Task<string> GreetAsync(LineClient client)
    {
        Assert.StartsWith("220 ", await client.ReadReplyAsync(), StringComparison.Ordinal);
        return await client.SayAsync("EHLO client.example");
    }
}
