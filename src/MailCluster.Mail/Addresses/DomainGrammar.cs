using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MailCluster.Mail.Addresses;

/// <summary>The grammar of RFC 5321 §4.1.2 (Domain) and §4.1.3 (address-literal), without allocation.</summary>
internal static class DomainGrammar
{
    /// <summary>RFC 1035 §2.3.4: a label has at most 63 octets.</summary>
    private const int MaxLabelLength = 63;

    private const string IPv6Tag = "IPv6:";

    private static readonly SearchValues<char> IPv4Characters = SearchValues.Create("0123456789.");

    private static readonly SearchValues<char> IPv6Characters = SearchValues.Create("0123456789ABCDEFabcdef:.");

    /// <summary>Without the STD 3 rules, since <see cref="IsSubDomain"/> has its own, which allow the underscore.</summary>
    public static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    /// <summary>Domain = sub-domain *("." sub-domain)</summary>
    public static bool IsDomain(ReadOnlySpan<char> text, bool allowUtf8)
    {
        if (text.IsEmpty || System.Text.Encoding.UTF8.GetByteCount(text) > DomainName.MaxLength)
        {
            return false;
        }

        foreach (var label in text.Split('.'))
        {
            if (!IsSubDomain(text[label], allowUtf8))
            {
                return false;
            }
        }

        return System.Text.Ascii.IsValid(text) || HasALabels(text);
    }

    /// <summary>
    /// RFC 6531 §3.3: a U-label is one only if there is an A-label for it, or the DNS could not be asked.
    /// </summary>
    private static bool HasALabels(ReadOnlySpan<char> text)
    {
        try
        {
            return Idn.GetAscii(text.ToString().ToLowerInvariant()).Length <= DomainName.MaxLength;
        }
        catch (ArgumentException)
        {
            return false; // how the framework says that a name cannot be written in ASCII
        }
    }

    /// <summary>sub-domain = Let-dig [Ldh-str] / U-label (RFC 6531 §3.3)</summary>
    private static bool IsSubDomain(ReadOnlySpan<char> label, bool allowUtf8)
    {
        if (label.IsEmpty || label.Length > MaxLabelLength || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }

        foreach (var c in label)
        {
            // The underscore is no host name, yet hosts in the field have it, and nothing here breaks on it.
            var ldh = char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
            if (!ldh && !(allowUtf8 && c >= 0x80 && !char.IsControl(c) && !char.IsWhiteSpace(c)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>address-literal = "[" ( IPv4-address-literal / IPv6-address-literal ) "]"</summary>
    public static bool IsLiteral(ReadOnlySpan<char> text) => TryParseLiteral(text, out _);

    public static bool TryParseLiteral(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length < 3 || text[0] != '[' || text[^1] != ']')
        {
            return false;
        }

        var inner = text[1..^1];
        if (inner.StartsWith(IPv6Tag, StringComparison.OrdinalIgnoreCase))
        {
            // IPAddress also takes brackets, ports and scope ids, which the grammar has not.
            var tagged = inner[IPv6Tag.Length..];
            return !tagged.ContainsAnyExcept(IPv6Characters)
                && IPAddress.TryParse(tagged, out address!)
                && address.AddressFamily == AddressFamily.InterNetworkV6;
        }

        // IPAddress takes "1" and "0x7f.1" for addresses: the grammar wants four decimal numbers.
        return inner.Count('.') == 3
            && !inner.ContainsAnyExcept(IPv4Characters)
            && !HasOctalNumber(inner)
            && IPAddress.TryParse(inner, out address!)
            && address.AddressFamily == AddressFamily.InterNetwork;
    }

    /// <summary>IPAddress reads 010 as eight, other mail servers as ten: an address with two meanings is none.</summary>
    private static bool HasOctalNumber(ReadOnlySpan<char> address)
    {
        foreach (var number in address.Split('.'))
        {
            var digits = address[number];
            if (digits.Length > 1 && digits[0] == '0')
            {
                return true;
            }
        }

        return false;
    }
}
