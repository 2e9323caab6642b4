using System.Text;

namespace MailCluster.Mail.Addresses;

/// <summary>Local-parts and paths by the grammar of RFC 5321 §4.1.2, widened by RFC 6531 §3.3.</summary>
internal static class PathGrammar
{
    private const string AtextSpecials = "!#$%&'*+-/=?^_`{|}~";

    /// <summary>Local-part = Dot-string / Quoted-string; <paramref name="rest"/> is what stands behind it.</summary>
    public static bool TryReadLocalPart(
        ReadOnlySpan<char> text, bool allowUtf8, out string localPart, out ReadOnlySpan<char> rest)
    {
        var read = text.StartsWith("\"", StringComparison.Ordinal)
            ? TryReadQuotedString(text, allowUtf8, out localPart, out rest)
            : TryReadDotString(text, allowUtf8, out localPart, out rest);
        return read && Encoding.UTF8.GetByteCount(localPart) <= MailAddress.MaxLocalPartLength;
    }

    /// <summary>The local-part as a Dot-string, or quoted where it is none.</summary>
    public static string WriteLocalPart(string localPart)
    {
        if (TryReadDotString(localPart, allowUtf8: true, out _, out var rest) && rest.IsEmpty)
        {
            return localPart;
        }

        var quoted = new StringBuilder("\"", localPart.Length + 2);
        foreach (var c in localPart)
        {
            quoted.Append(c is '"' or '\\' ? "\\" : "").Append(c);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Path = "&lt;" [ A-d-l ":" ] Mailbox "&gt;"; the source route is read and forgotten (§4.1.1.3, F.2).</summary>
    public static bool TryReadPath(
        ReadOnlySpan<char> text, bool allowUtf8, out MailAddress address, out ReadOnlySpan<char> rest)
    {
        address = default;
        rest = text;
        if (!text.StartsWith("<", StringComparison.Ordinal))
        {
            return false;
        }

        var inner = SkipSourceRoute(text[1..], allowUtf8);
        if (!TryReadLocalPart(inner, allowUtf8, out var localPart, out var afterLocal)
            || !afterLocal.StartsWith("@", StringComparison.Ordinal))
        {
            return false;
        }

        var end = afterLocal.IndexOf('>');
        if (end < 0 || !DomainName.TryParse(afterLocal[1..end], allowUtf8, out var domain))
        {
            return false;
        }

        rest = afterLocal[(end + 1)..];
        address = new MailAddress(localPart, domain);
        return Encoding.UTF8.GetByteCount(text[..^rest.Length]) <= MailAddress.MaxPathLength;
    }

    private static ReadOnlySpan<char> SkipSourceRoute(ReadOnlySpan<char> text, bool allowUtf8)
    {
        var colon = text.IndexOf(':');
        if (!text.StartsWith("@", StringComparison.Ordinal) || colon < 0)
        {
            return text;
        }

        foreach (var hop in text[..colon].Split(','))
        {
            var name = text[hop];
            if (!name.StartsWith("@", StringComparison.Ordinal) || !DomainGrammar.IsDomain(name[1..], allowUtf8))
            {
                return text;
            }
        }

        return text[(colon + 1)..];
    }

    private static bool TryReadDotString(
        ReadOnlySpan<char> text, bool allowUtf8, out string localPart, out ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < text.Length && (text[length] == '.' || IsAtext(text[length], allowUtf8)))
        {
            length++;
        }

        var found = text[..length];
        rest = text[length..];
        localPart = found.ToString();
        return length > 0 && found[0] != '.' && found[^1] != '.' && !found.Contains("..", StringComparison.Ordinal);
    }

    private static bool TryReadQuotedString(
        ReadOnlySpan<char> text, bool allowUtf8, out string localPart, out ReadOnlySpan<char> rest)
    {
        var value = new StringBuilder();
        localPart = "";
        rest = text;
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    rest = text[(i + 1)..];
                    localPart = value.ToString();
                    return true;
                case '\\' when i + 1 < text.Length && text[i + 1] is >= ' ' and <= '~':
                    value.Append(text[++i]);
                    break;
                case '\\':
                    return false;
                case var c when c is >= ' ' and <= '~' || (allowUtf8 && c >= 0x80 && !char.IsControl(c)):
                    value.Append(c);
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool IsAtext(char c, bool allowUtf8) =>
        char.IsAsciiLetterOrDigit(c)
        || AtextSpecials.Contains(c, StringComparison.Ordinal)
        || (allowUtf8 && c >= 0x80 && !char.IsControl(c) && !char.IsWhiteSpace(c));
}
