using MailCluster.Node.Listeners.Proxy;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Listeners.Proxy;

public sealed class ProxyHeaderV2Tests
{
    private static readonly byte[] Plain = ProxyOctets.V2("192.0.2.1:40000", "198.51.100.2:25");

    [Theory]
    [InlineData("192.0.2.1:40000", "198.51.100.2:25", "192.0.2.1:40000")]
    [InlineData("0.0.0.0:0", "255.255.255.255:65535", "0.0.0.0:0")]
    [InlineData("[2001:db8::1]:40000", "[2001:db8::2]:465", "[2001:db8::1]:40000")]
    [InlineData("[::ffff:192.0.2.1]:40000", "[::1]:465", "192.0.2.1:40000")]
    public void A_right_header_names_source_and_destination(string source, string destination, string plainSource)
    {
        var header = ProxyOctets.V2(source, destination);
        var complete = Assert.IsType<ProxyHeader.Complete>(ProxyHeader.Parse([.. header, .. "EHLO x\r\n"u8]));

        Assert.Equal(header.Length, complete.Length);
        Assert.Equal(plainSource, complete.Route!.Source.ToString());
        Assert.Equal(destination, complete.Route.Destination.ToString());
    }

    [Fact]
    public void The_octets_of_the_specification_are_read()
    {
        byte[] octets =
        [
            0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0x00, 0x0C,
            192, 0, 2, 1, 198, 51, 100, 2, 0x9C, 0x40, 0x00, 0x19,
        ];

        Assert.Equal(Plain, octets);
    }

    [Theory]
    [InlineData(ProxyOctets.Local, 0x00, 0)]
    [InlineData(ProxyOctets.Local, 0x11, 12)]
    [InlineData(ProxyOctets.Local, 0x31, 216)]
    [InlineData(ProxyOctets.Local, 0xFF, 3)] // "including the family which is ignored"
    [InlineData(ProxyOctets.Proxy, 0x00, 0)]
    [InlineData(ProxyOctets.Proxy, 0x00, 50)]
    public void Local_and_unspecified_keep_the_peers_own_address(byte command, byte family, int length)
    {
        var header = ProxyOctets.V2(command, family, new byte[length]);

        Assert.Equal(new ProxyHeader.Complete(null, 16 + length), ProxyHeader.Parse([.. header, .. "EHLO"u8]));
    }

    [Theory]
    [InlineData(ProxyOctets.Proxy, 0x31, 216, "a PROXY header of a Unix socket")]
    [InlineData(ProxyOctets.Proxy, 0x32, 216, "a PROXY header of a Unix socket")]
    [InlineData(ProxyOctets.Proxy, 0x12, 12, "a PROXY header of a datagram")]
    [InlineData(ProxyOctets.Proxy, 0x22, 36, "a PROXY header of a datagram")]
    [InlineData(ProxyOctets.Proxy, 0x10, 12, "a PROXY header of an unknown address family")]
    [InlineData(ProxyOctets.Proxy, 0x13, 12, "a PROXY header of an unknown address family")]
    [InlineData(ProxyOctets.Proxy, 0x41, 36, "a PROXY header of an unknown address family")]
    [InlineData(ProxyOctets.Proxy, 0x11, 11, "a PROXY header too short for its addresses")]
    [InlineData(ProxyOctets.Proxy, 0x21, 35, "a PROXY header too short for its addresses")]
    [InlineData(ProxyOctets.Proxy, 0x11, 0, "a PROXY header too short for its addresses")]
    [InlineData(0x22, 0x11, 12, "a PROXY header of another version or command")]
    [InlineData(0x11, 0x11, 12, "a PROXY header of another version or command")]
    [InlineData(0x31, 0x11, 12, "a PROXY header of another version or command")]
    [InlineData(ProxyOctets.Local, 0x00, 2049, "a PROXY header of more than 2064 octets")]
    [InlineData(ProxyOctets.Proxy, 0x11, 65535, "a PROXY header of more than 2064 octets")]
    public void A_wrong_header_is_invalid(byte command, byte family, int length, string reason) => Assert.Equal(
        new ProxyHeader.Invalid(reason), ProxyHeader.Parse(ProxyOctets.V2(command, family, new byte[length])));

    [Fact]
    public void A_header_that_says_it_is_too_long_is_not_waited_for() => Assert.IsType<ProxyHeader.Invalid>(
        ProxyHeader.Parse(ProxyOctets.V2(ProxyOctets.Proxy, 0x11, new byte[2049]).AsSpan(0, 16)));

    [Fact]
    public void A_header_as_long_as_allowed_is_taken()
    {
        var filled = ProxyOctets.V2("192.0.2.1:40000", "198.51.100.2:25", ProxyOctets.Tlv(4, new byte[2048 - 12 - 3]));

        Assert.Equal(ProxyHeaderV2.MaxLength, filled.Length);
        Assert.Equal(2064, Assert.IsType<ProxyHeader.Complete>(ProxyHeader.Parse(filled)).Length);
    }

    [Fact]
    public void Fields_are_stepped_over()
    {
        var header = ProxyOctets.V2(
            "192.0.2.1:40000", "198.51.100.2:25",
            ProxyOctets.Tlv(0x02, "mx.example"u8.ToArray()), ProxyOctets.Tlv(0x04), ProxyOctets.Tlv(0xEE, 1, 2, 3));

        Assert.Equal(header.Length, Assert.IsType<ProxyHeader.Complete>(ProxyHeader.Parse(header)).Length);
    }

    [Theory]
    [InlineData(new byte[] { 0x04 })]
    [InlineData(new byte[] { 0x04, 0 })]
    [InlineData(new byte[] { 0x04, 0, 1 })]
    [InlineData(new byte[] { 0x04, 0, 0, 0x04, 0xFF, 0xFF, 0 })]
    public void A_field_that_does_not_end_is_invalid(byte[] fields) => Assert.Equal(
        new ProxyHeader.Invalid("a PROXY header with a field that does not end"),
        ProxyHeader.Parse(ProxyOctets.V2("192.0.2.1:40000", "198.51.100.2:25", fields)));

    [Fact]
    public void The_checksum_of_the_tests_is_the_one_that_is_meant() =>
        Assert.Equal(0xE3069283u, ProxyOctets.Crc32c("123456789"u8)); // the check value of CRC-32C

    [Fact]
    public void A_right_checksum_is_taken_and_any_changed_octet_is_not()
    {
        var header = ProxyOctets.WithChecksum(
            ProxyOctets.V2("192.0.2.1:40000", "198.51.100.2:25", ProxyOctets.Tlv(0x02, "mx.example"u8.ToArray())));
        Assert.IsType<ProxyHeader.Complete>(ProxyHeader.Parse(header));

        var addresses = Enumerable.Range(16, 12);
        var name = Enumerable.Range(16 + 12 + 3, 10);
        var checksum = Enumerable.Range(header.Length - 4, 4);
        foreach (var at in (int[])[.. addresses, .. name, .. checksum])
        {
            byte[] changed = [.. header];
            changed[at] ^= 1;
            Assert.Equal(new ProxyHeader.Invalid("a PROXY header with a wrong checksum"), ProxyHeader.Parse(changed));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_checksum_of_another_length_is_wrong(int length) => Assert.Equal(
        new ProxyHeader.Invalid("a PROXY header with a wrong checksum"),
        ProxyHeader.Parse(
            ProxyOctets.V2("192.0.2.1:40000", "198.51.100.2:25", ProxyOctets.Tlv(3, new byte[length]))));
}
