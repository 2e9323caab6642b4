using CsCheck;
using MailCluster.Node.Listeners.Proxy;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Listeners.Proxy;

/// <summary>However the octets come, and whatever they are.</summary>
public sealed class ProxyHeaderPropertyTests
{
    private static readonly byte[][] Headers =
    [
        "PROXY TCP4 192.0.2.1 198.51.100.2 40000 25\r\n"u8.ToArray(),
        "PROXY TCP6 2001:db8::1 2001:db8::2 40000 25\r\n"u8.ToArray(),
        "PROXY UNKNOWN\r\n"u8.ToArray(),
        "PROXY UNKNOWN some more\r\n"u8.ToArray(),
        ProxyOctets.V2("192.0.2.1:40000", "198.51.100.2:25"),
        ProxyOctets.WithChecksum(ProxyOctets.V2("[2001:db8::1]:40000", "[2001:db8::2]:465", ProxyOctets.Tlv(4, 1, 2))),
        ProxyOctets.V2(ProxyOctets.Local, 0, []),
        ProxyOctets.V2(ProxyOctets.Proxy, 0, [1, 2, 3]),
    ];

    /// <summary>A right header, or its beginning, with octets changed.</summary>
    private static readonly Gen<byte[]> Mutated = Gen.Select(
        Gen.Int[0, Headers.Length - 1], Gen.Double[0, 1], Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[1, 5],
        (header, keep, changes) =>
        {
            var octets = Headers[header][..(1 + (int)(keep * (Headers[header].Length - 1)))];
            foreach (var (place, value) in changes)
            {
                octets[(int)(place * (octets.Length - 1))] = value;
            }

            return octets;
        });

    [Fact]
    public void Every_prefix_of_a_right_header_waits_for_more()
    {
        foreach (var header in Headers)
        {
            for (var length = 0; length < header.Length; length++)
            {
                Assert.IsType<ProxyHeader.Incomplete>(ProxyHeader.Parse(header.AsSpan(0, length)));
            }
        }
    }

    [Fact]
    public void What_follows_a_right_header_does_not_change_it() =>
        Gen.Select(Gen.Int[0, Headers.Length - 1], Gen.Byte.Array[0, 200]).Sample((header, rest) =>
            ProxyHeader.Parse(Headers[header]) is ProxyHeader.Complete complete
            && complete.Length == Headers[header].Length
            && ProxyHeader.Parse([.. Headers[header], .. rest]) == complete);

    [Fact]
    public void Random_octets_never_throw() => Gen.Byte.Array[0, 3000].Sample(IsSound);

    [Fact]
    public void Random_octets_behind_a_signature_never_throw() =>
        Gen.Select(Gen.Bool, Gen.Byte.Array[0, 3000]).Sample((isText, octets) => IsSound(isText
            ? [.. ProxyHeaderV1.Signature, .. octets]
            : [.. ProxyHeaderV2.Signature, 0x21, 0x11, .. octets]));

    [Fact]
    public void Mutated_headers_never_throw() => Mutated.Sample(IsSound);

    /// <summary>Also: nothing is waited for beyond the longest header, and nobody changes their mind.</summary>
    private static bool IsSound(byte[] octets)
    {
        var header = ProxyHeader.Parse(octets);
        byte[] longer = [.. octets, .. "EHLO x\r\n"u8];
        return header switch
        {
            ProxyHeader.Complete complete => complete.Length <= octets.Length && ProxyHeader.Parse(longer) == header,
            ProxyHeader.Invalid => ProxyHeader.Parse(longer) == header,
            _ => octets.Length < ProxyHeaderV2.MaxLength,
        };
    }
}
