using System.Globalization;
using System.Text;
using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Dsn;

/// <summary>Addresses with their type, as the fields of RFC 3464 §2.3 and RFC 6533 §3 have them.</summary>
internal static class DsnAddress
{
    private const string Utf8Type = "utf-8";

    /// <summary>rfc822; address, or where it is beyond ASCII, utf-8; as it is or in 7-bit form.</summary>
    public static string Typed(MailAddress address, bool utf8) =>
        address.IsAscii ? $"rfc822; {address}" : $"{Utf8Type}; {Shown(address.ToString(), utf8)}";

    /// <summary>ORCPT= decoded (RFC 3464 §2.3.1), or null where it is none that a field can hold.</summary>
    public static string? Original(string? originalRecipient, bool utf8)
    {
        var semicolon = originalRecipient?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        if (semicolon <= 0 || !Xtext.TryDecode(originalRecipient.AsSpan(semicolon + 1), out var address))
        {
            return null;
        }

        return $"{originalRecipient![..semicolon]}; {Shown(address, utf8)}";
    }

    /// <summary>
    /// The text itself, or for a reader without SMTPUTF8 each character beyond ASCII as EmbeddedUnicodeChar,
    /// <c>\x{HEXPOINT}</c> (RFC 6533 §3).
    /// </summary>
    public static string Shown(string address, bool utf8)
    {
        if (utf8 || Ascii.IsValid(address))
        {
            return address;
        }

        var shown = new StringBuilder(address.Length * 2);
        foreach (var rune in address.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                shown.Append((char)rune.Value);
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X2}}}");
            }
        }

        return shown.ToString();
    }
}
