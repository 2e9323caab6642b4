using System.Buffers;
using System.Text;

namespace MailCluster.Mail.Mailboxes;

/// <summary>
/// Names of mailboxes in ASCII, as IMAP4rev1 clients send and read them (RFC 3501 §5.1.3): printable ASCII stands for
/// itself, "&amp;-" for "&amp;", and all else is UTF-16 in a Base64 of its own between "&amp;" and "-".
/// </summary>
public static class ModifiedUtf7
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private static readonly SearchValues<char> Base64Chars = SearchValues.Create(Alphabet);

    public static string Encode(string name)
    {
        if (name.All(IsPlain) && !name.Contains('&', StringComparison.Ordinal))
        {
            return name;
        }

        var encoded = new StringBuilder(name.Length + 16);
        for (var at = 0; at < name.Length;)
        {
            if (IsPlain(name[at]))
            {
                encoded.Append(name[at] == '&' ? "&-" : name[at].ToString());
                at++;
                continue;
            }

            var end = at;
            while (end < name.Length && !IsPlain(name[end]))
            {
                end++;
            }

            EncodeShifted(name.AsSpan(at, end - at), encoded);
            at = end;
        }

        return encoded.ToString();
    }

    /// <summary>
    /// False for what no encoder makes: other characters, a shift that does not end, leftover bits, ASCII in Base64, two
    /// shifts side by side. So each name has one form.
    /// </summary>
    public static bool TryDecode(string encoded, out string name)
    {
        name = encoded;
        if (!encoded.All(IsPlain))
        {
            return false;
        }

        if (!encoded.Contains('&', StringComparison.Ordinal))
        {
            return true;
        }

        var decoded = new StringBuilder(encoded.Length);
        for (var at = 0; at < encoded.Length; at++)
        {
            if (encoded[at] != '&')
            {
                decoded.Append(encoded[at]);
                continue;
            }

            var end = encoded.IndexOf('-', at);
            if (end < 0 || !TryDecodeShifted(encoded.AsSpan(at + 1, end - at - 1), decoded))
            {
                return false;
            }

            at = end;
        }

        name = decoded.ToString();
        return Encode(name) == encoded;
    }

    private static bool IsPlain(char character) => character is >= ' ' and <= '~';

    private static void EncodeShifted(ReadOnlySpan<char> text, StringBuilder encoded)
    {
        encoded.Append('&');
        var (bits, count) = (0, 0);
        foreach (var unit in text)
        {
            bits = (bits << 16) | unit;
            for (count += 16; count >= 6; count -= 6)
            {
                encoded.Append(Alphabet[(bits >> (count - 6)) & 63]);
            }

            bits &= (1 << count) - 1;
        }

        if (count > 0)
        {
            encoded.Append(Alphabet[(bits << (6 - count)) & 63]);
        }

        encoded.Append('-');
    }

    private static bool TryDecodeShifted(ReadOnlySpan<char> text, StringBuilder decoded)
    {
        if (text.IsEmpty)
        {
            decoded.Append('&');
            return true;
        }

        if (text.ContainsAnyExcept(Base64Chars))
        {
            return false;
        }

        var (bits, count) = (0, 0);
        foreach (var character in text)
        {
            bits = ((bits << 6) | Alphabet.IndexOf(character, StringComparison.Ordinal)) & 0x3FFFFF;
            count += 6;
            if (count >= 16)
            {
                count -= 16;
                decoded.Append((char)((bits >> count) & 0xFFFF));
            }
        }

        return true;
    }
}
