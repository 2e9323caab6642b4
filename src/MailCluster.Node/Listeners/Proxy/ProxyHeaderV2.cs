using System.Buffers.Binary;
using System.Net;

namespace MailCluster.Node.Listeners.Proxy;

/// <summary>The binary header of version 2 (§2.2): signature, command, family, length, addresses, TLVs.</summary>
internal static class ProxyHeaderV2
{
    private const int PrefixLength = 16;
    private const int VersionAndCommand = 12;
    private const int FamilyAndProtocol = 13;
    private const int BlockLength = 14;

    private const int Local = 0x20;
    private const int Proxy = 0x21;

    /// <summary>A bound of ours: TLVs may carry a client's certificate, and nobody here reads them.</summary>
    public const int MaxBlockLength = 2048;

    public const int MaxLength = PrefixLength + MaxBlockLength;

    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static ProxyHeader Parse(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > VersionAndCommand && octets[VersionAndCommand] is not (Local or Proxy))
        {
            return new ProxyHeader.Invalid("a PROXY header of another version or command");
        }

        if (octets.Length < PrefixLength)
        {
            return ProxyHeader.Incomplete.Instance;
        }

        var length = PrefixLength + BinaryPrimitives.ReadUInt16BigEndian(octets[BlockLength..]);
        if (length > MaxLength)
        {
            return new ProxyHeader.Invalid("a PROXY header of more than 2064 octets");
        }

        if (octets.Length < length)
        {
            return ProxyHeader.Incomplete.Instance;
        }

        // LOCAL: the proxy itself, such as for a health check; its family is to be ignored.
        return octets[VersionAndCommand] == Local
            ? new ProxyHeader.Complete(null, length)
            : ParseBlock(octets[..length]);
    }

    /// <summary>
    /// What is not TCP over IP is refused rather than taken for unknown, as would be allowed: the peer's own address,
    /// which would stand for the client then, is one that may be trusted more.
    /// </summary>
    private static ProxyHeader ParseBlock(ReadOnlySpan<byte> header) => header[FamilyAndProtocol] switch
    {
        0x00 => new ProxyHeader.Complete(null, header.Length),
        0x11 => ParseAddresses(header, addressLength: 4),
        0x21 => ParseAddresses(header, addressLength: 16),
        0x12 or 0x22 => new ProxyHeader.Invalid("a PROXY header of a datagram"),
        0x31 or 0x32 => new ProxyHeader.Invalid("a PROXY header of a Unix socket"),
        _ => new ProxyHeader.Invalid("a PROXY header of an unknown address family"),
    };

    private static ProxyHeader ParseAddresses(ReadOnlySpan<byte> header, int addressLength)
    {
        var block = header[PrefixLength..];
        var length = (2 * addressLength) + (2 * sizeof(ushort));
        if (block.Length < length)
        {
            return new ProxyHeader.Invalid("a PROXY header too short for its addresses");
        }

        if (ProxyHeaderTlvs.FindFault(header, PrefixLength + length) is { } fault)
        {
            return new ProxyHeader.Invalid(fault);
        }

        var ports = block[(2 * addressLength)..];
        var route = new ProxyRoute(
            ReadEndPoint(block[..addressLength], ports),
            ReadEndPoint(block.Slice(addressLength, addressLength), ports[sizeof(ushort)..]));
        return new ProxyHeader.Complete(route, header.Length);
    }

    private static IPEndPoint ReadEndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(new IPAddress(address).Unmapped(), BinaryPrimitives.ReadUInt16BigEndian(port));
}
