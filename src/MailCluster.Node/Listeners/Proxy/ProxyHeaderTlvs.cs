using System.Buffers.Binary;
using System.Numerics;

namespace MailCluster.Node.Listeners.Proxy;

/// <summary>
/// The fields behind the addresses of version 2 (§2.2.1 and following): a type, two octets of length, a value. They are
/// stepped over, but for the checksum.
/// </summary>
internal static class ProxyHeaderTlvs
{
    private const int PrefixLength = 3;
    private const byte Crc32cType = 0x03;

    /// <summary>What is wrong with them, or null.</summary>
    /// <param name="header">The whole header: the checksum is of all of it.</param>
    /// <param name="start">Where they begin.</param>
    public static string? FindFault(ReadOnlySpan<byte> header, int start)
    {
        for (var rest = header[start..]; rest.Length > 0;)
        {
            if (!TryMeasure(rest, out var length))
            {
                return "a PROXY header with a field that does not end";
            }

            var value = header.Length - rest.Length + PrefixLength;
            if (rest[0] == Crc32cType && !HasRightChecksum(header, value, length - PrefixLength))
            {
                return "a PROXY header with a wrong checksum";
            }

            rest = rest[length..];
        }

        return null;
    }

    private static bool TryMeasure(ReadOnlySpan<byte> rest, out int length)
    {
        length = PrefixLength;
        if (rest.Length >= PrefixLength)
        {
            length += BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
        }

        return length <= rest.Length;
    }

    /// <summary>§2.2.3: CRC-32C of the header, the checksum itself taken as zero.</summary>
    private static bool HasRightChecksum(ReadOnlySpan<byte> header, int at, int length) =>
        length == sizeof(uint)
        && BinaryPrimitives.ReadUInt32BigEndian(header[at..]) == Checksum(header, at);

    private static uint Checksum(ReadOnlySpan<byte> header, int zeroAt)
    {
        var crc = uint.MaxValue;
        for (var i = 0; i < header.Length; i++)
        {
            var isZero = i >= zeroAt && i < zeroAt + sizeof(uint);
            crc = BitOperations.Crc32C(crc, isZero ? (byte)0 : header[i]);
        }

        return ~crc;
    }
}
