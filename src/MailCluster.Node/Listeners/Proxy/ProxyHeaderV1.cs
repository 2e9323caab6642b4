using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.Node.Listeners.Proxy;

/// <summary>
/// The one line of text of version 1 (§2.1), such as <c>PROXY TCP4 192.0.2.1 198.51.100.2 40000 25</c> and CRLF. As
/// strict as the grammar: a sender that writes something else is none that we were told to believe.
/// </summary>
internal static class ProxyHeaderV1
{
    /// <summary>The longest line that the specification can think of, with its CRLF.</summary>
    public const int MaxLength = 107;

    public static ReadOnlySpan<byte> Signature => "PROXY "u8;

    public static ProxyHeader Parse(ReadOnlySpan<byte> octets)
    {
        var line = octets[..Math.Min(octets.Length, MaxLength)];
        var end = line.IndexOfAnyInRange((byte)0, (byte)0x1F);
        if (end < 0 || (end == line.Length - 1 && line[end] == '\r'))
        {
            return line.Length < MaxLength
                ? ProxyHeader.Incomplete.Instance
                : new ProxyHeader.Invalid("a PROXY line of more than 107 octets");
        }

        // Only CRLF ends the line, also where everything before it is ignored.
        return line[end..].StartsWith("\r\n"u8)
            ? ParseFields(Encoding.ASCII.GetString(line[..end]).Split(' '), end + 2)
            : new ProxyHeader.Invalid("a control character in the PROXY line");
    }

    private static ProxyHeader ParseFields(string[] fields, int length)
    {
        // "the receiver must ignore anything presented before the CRLF"
        if (fields[1] == "UNKNOWN")
        {
            return new ProxyHeader.Complete(null, length);
        }

        if (fields is not [_, "TCP4" or "TCP6", _, _, _, _])
        {
            return new ProxyHeader.Invalid("a PROXY line that is not of TCP4, TCP6 or UNKNOWN");
        }

        var family = fields[1] == "TCP4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return TryParseEndPoint(fields[2], fields[4], family, out var source)
            && TryParseEndPoint(fields[3], fields[5], family, out var destination)
            ? new ProxyHeader.Complete(new ProxyRoute(source, destination), length)
            : new ProxyHeader.Invalid("a PROXY line with a wrong address or port");
    }

    private static bool TryParseEndPoint(
        string address, string port, AddressFamily family, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        if (!TryParseNumber(port, IPEndPoint.MaxPort, out var number)
            || !IsWrittenAs(address, family)
            || !IPAddress.TryParse(address, out var ip)
            || ip.AddressFamily != family)
        {
            return false;
        }

        endPoint = new IPEndPoint(ip.Unmapped(), number);
        return true;
    }

    /// <summary>The runtime reads octal numbers, scopes, prefixes and ports, too; the grammar has none.</summary>
    private static bool IsWrittenAs(string address, AddressFamily family) => family == AddressFamily.InterNetwork
        ? address.Split('.') is { Length: 4 } parts && Array.TrueForAll(parts, part => TryParseNumber(part, 255, out _))
        : address.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.'); // HAProxy writes ::ffff:192.0.2.1

    /// <summary>Decimal digits, without leading zeros.</summary>
    private static bool TryParseNumber(string text, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number <= max
        && (text.Length == 1 || text[0] != '0');
}
