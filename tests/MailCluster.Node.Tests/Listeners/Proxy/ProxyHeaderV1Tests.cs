using System.Text;
using MailCluster.Node.Listeners.Proxy;

namespace MailCluster.Node.Tests.Listeners.Proxy;

public sealed class ProxyHeaderV1Tests
{
    public static readonly TheoryData<string, string, string> Valid = new()
    {
        { "PROXY TCP4 192.0.2.1 198.51.100.2 40000 25", "192.0.2.1:40000", "198.51.100.2:25" },
        { "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535", "0.0.0.0:0", "255.255.255.255:65535" },
        { "PROXY TCP6 2001:db8::1 2001:DB8::2 1 465", "[2001:db8::1]:1", "[2001:db8::2]:465" },
        {
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535",
            "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"
        },
        { "PROXY TCP6 ::ffff:192.0.2.1 ::1 40000 25", "192.0.2.1:40000", "[::1]:25" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_right_line_names_source_and_destination(string line, string source, string destination)
    {
        var complete = Assert.IsType<ProxyHeader.Complete>(Parse(line + "\r\nEHLO x\r\n"));

        Assert.Equal(line.Length + 2, complete.Length);
        Assert.Equal(source, complete.Route!.Source.ToString());
        Assert.Equal(destination, complete.Route.Destination.ToString());
    }

    [Theory]
    [InlineData("PROXY UNKNOWN")]
    [InlineData("PROXY UNKNOWN anything at  all \u00ff")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 9 9")]
    public void Unknown_keeps_the_peers_own_address(string line)
    {
        var complete = Assert.IsType<ProxyHeader.Complete>(Parse(line + "\r\n"));

        Assert.Null(complete.Route);
        Assert.Equal(line.Length + 2, complete.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("TCP4")]
    [InlineData("tcp4 192.0.2.1 198.51.100.2 40000 25")]
    [InlineData("UDP4 192.0.2.1 198.51.100.2 40000 25")]
    [InlineData("unknown")]
    [InlineData("UNKNOWNS")]
    [InlineData(" TCP4 192.0.2.1 198.51.100.2 40000 25")]
    [InlineData("TCP4  192.0.2.1 198.51.100.2 40000 25")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 40000 25 ")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 40000 25 26")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 40000")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 40000 ")]
    [InlineData("TCP4 192.0.2.256 198.51.100.2 40000 25")]
    [InlineData("TCP4 192.0.2.01 198.51.100.2 40000 25")]
    [InlineData("TCP4 192.0.2 198.51.100.2 40000 25")]
    [InlineData("TCP4 192.0.2.1.1 198.51.100.2 40000 25")]
    [InlineData("TCP4 192.0.2. 198.51.100.2 40000 25")]
    [InlineData("TCP4 0x7f.0.0.1 198.51.100.2 40000 25")]
    [InlineData("TCP4 2130706433 198.51.100.2 40000 25")]
    [InlineData("TCP4 ::1 ::2 40000 25")]
    [InlineData("TCP4 localhost 198.51.100.2 40000 25")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 65536 25")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 -1 25")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 +1 25")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 040 25")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 99999999999999999999 25")]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 40000 25x")]
    [InlineData("TCP6 192.0.2.1 198.51.100.2 40000 25")]
    [InlineData("TCP6 2001:db8::1::2 2001:db8::2 40000 25")]
    [InlineData("TCP6 2001:db8::12345 2001:db8::2 40000 25")]
    [InlineData("TCP6 [2001:db8::1] 2001:db8::2 40000 25")]
    [InlineData("TCP6 fe80::1%1 2001:db8::2 40000 25")]
    [InlineData("TCP6 2001:db8::/32 2001:db8::2 40000 25")]
    [InlineData("TCP6 2001:db8::1 192.0.2.1 40000 25")]
    [InlineData("TCP4 192.0.2.1\t198.51.100.2 40000 25")]
    public void A_wrong_line_is_invalid(string fields) =>
        Assert.IsType<ProxyHeader.Invalid>(Parse($"PROXY {fields}\r\n"));

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 40000 25\nEHLO x\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 40000 25\rEHLO x\r\n")]
    [InlineData("PROXY UNKNOWN\nEHLO x\r\n")]
    [InlineData("PROXY UNKNOWN\r\r\n")]
    [InlineData("PROXY UNKNOWN \0\r\n")]
    public void Only_CRLF_ends_the_line(string octets) => Assert.IsType<ProxyHeader.Invalid>(Parse(octets));

    [Theory]
    [InlineData("EHLO client.example\r\n")]
    [InlineData("proxy TCP4 192.0.2.1 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXYTCP4 192.0.2.1 198.51.100.2 40000 25\r\n")]
    [InlineData(" PROXY TCP4 192.0.2.1 198.51.100.2 40000 25\r\n")]
    [InlineData("Q")]
    [InlineData("PRX")]
    [InlineData("\u0016\u0003\u0001")]
    public void What_begins_otherwise_is_known_by_its_first_octets(string octets) =>
        Assert.Equal(new ProxyHeader.Invalid("no PROXY header"), Parse(octets));

    [Fact]
    public void A_line_of_107_octets_is_taken_and_one_of_108_is_not()
    {
        var longest = "PROXY UNKNOWN ".PadRight(ProxyHeaderV1.MaxLength - 2, 'x');

        Assert.Equal(new ProxyHeader.Complete(null, 107), Parse(longest + "\r\n"));
        Assert.IsType<ProxyHeader.Invalid>(Parse(longest + "x\r\n"));
        Assert.IsType<ProxyHeader.Invalid>(Parse(longest + "x\r"));
        Assert.IsType<ProxyHeader.Incomplete>(Parse(longest + "\r"));
        Assert.IsType<ProxyHeader.Invalid>(Parse(longest + "xx"));
    }

    private static ProxyHeader Parse(string octets) => ProxyHeader.Parse(Encoding.Latin1.GetBytes(octets));
}
