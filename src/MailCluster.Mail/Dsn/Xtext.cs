using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace MailCluster.Mail.Dsn;

/// <summary>
/// <c>xtext = *( xchar / hexchar )</c> of RFC 3461 §4: printable ASCII in which "+" begins two hexadecimal digits.
/// Stands for octets, read and written as UTF-8 here.
/// </summary>
public static class Xtext
{
    private const char HexPrefix = '+';

    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not (HexPrefix or '='))]);

    public static bool IsValid(ReadOnlySpan<char> xtext)
    {
        for (var at = xtext.IndexOfAnyExcept(PlainCharacters); at >= 0; at = xtext.IndexOfAnyExcept(PlainCharacters))
        {
            if (!TryReadHex(xtext[at..], out _))
            {
                return false;
            }

            xtext = xtext[(at + 3)..];
        }

        return true;
    }

    /// <summary>False also where the octets are not UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<char> xtext, out string text)
    {
        text = "";
        if (!IsValid(xtext))
        {
            return false;
        }

        var octets = new byte[xtext.Length];
        var length = 0;
        for (var i = 0; i < xtext.Length; i++)
        {
            octets[length] = (byte)xtext[i];
            if (TryReadHex(xtext[i..], out var octet))
            {
                octets[length] = octet;
                i += 2;
            }

            length++;
        }

        var decoded = octets.AsSpan(0, length);
        var valid = Utf8.IsValid(decoded);
        text = valid ? Encoding.UTF8.GetString(decoded) : "";
        return valid;
    }

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(PlainCharacters))
        {
            return text;
        }

        var xtext = new StringBuilder(text.Length + 8);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (PlainCharacters.Contains((char)octet))
            {
                xtext.Append((char)octet);
            }
            else
            {
                xtext.Append(CultureInfo.InvariantCulture, $"+{octet:X2}");
            }
        }

        return xtext.ToString();
    }

    /// <summary>
    /// hexchar = "+" and two digits; the grammar has capital ones only, clients in the field send both.
    /// </summary>
    private static bool TryReadHex(ReadOnlySpan<char> text, out byte octet)
    {
        octet = 0;
        return text.Length >= 3
            && text[0] == HexPrefix
            && byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octet);
    }
}
