using System.Buffers.Binary;
using System.Net;

namespace MailCluster.Node.Tests.Fakes;

/// <summary>Headers of the PROXY protocol, version 2, as a proxy makes them.</summary>
internal static class ProxyOctets
{
    public const byte Local = 0x20;
    public const byte Proxy = 0x21;

    private const int PrefixLength = 16;

    /// <summary>A connection over TCP.</summary>
    public static byte[] V2(string source, string destination, params byte[][] tlvs)
    {
        var (from, to) = (IPEndPoint.Parse(source), IPEndPoint.Parse(destination));
        var addresses = (byte[])[
            .. from.Address.GetAddressBytes(), .. to.Address.GetAddressBytes(),
            (byte)(from.Port >> 8), (byte)from.Port, (byte)(to.Port >> 8), (byte)to.Port];
        var family = addresses.Length == 12 ? (byte)0x11 : (byte)0x21;
        return V2(Proxy, family, [.. addresses, .. tlvs.SelectMany(tlv => tlv)]);
    }

    public static byte[] V2(byte command, byte family, byte[] block) =>
    [
        .. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, (byte)(block.Length >> 8), (byte)block.Length, .. block,
    ];

    public static byte[] Tlv(byte type, params byte[] value) =>
        [type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    /// <summary>With a checksum as its last field.</summary>
    public static byte[] WithChecksum(byte[] header)
    {
        var whole = V2(header[12], header[13], [.. header[PrefixLength..], .. Tlv(3, 0, 0, 0, 0)]);
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(whole.Length - 4), Crc32c(whole));
        return whole;
    }

    /// <summary>Bit by bit, as Castagnoli's polynomial is defined: not by the means of the code under test.</summary>
    public static uint Crc32c(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        foreach (var octet in octets)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
            }
        }

        return ~crc;
    }
}
