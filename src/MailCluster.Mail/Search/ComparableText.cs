using System.Text;

namespace MailCluster.Mail.Search;

/// <summary>
/// The form in which text and what is sought in it are compared, octet by octet: letters without case, runs of blanks as
/// one, nothing that cannot be seen.
/// </summary>
/// <remarks>
/// Near i;unicode-casemap (RFC 5051), which RFC 9051 §6.4.4 leaves to the server. Case is folded letter by letter, so the
/// length in letters stays. What RFC 5051 decomposes stays as it is: "resume" does not find "résumé". There are no tables
/// for more in a program without ICU (InvariantGlobalization, where string.Normalize does nothing); full-width letters of
/// East Asian keyboards are the one compatibility form that people type.
/// </remarks>
public static class ComparableText
{
    private const int FullWidthFirst = 0xFF01;
    private const int FullWidthLast = 0xFF5E;
    private const int FullWidthOffset = FullWidthFirst - '!';

    /// <summary>Never holds a control character, so that these can divide texts; a broken surrogate becomes U+FFFD.</summary>
    public static string Of(string text)
    {
        var comparable = new StringBuilder(text.Length);
        Append(comparable, text);
        return comparable.ToString();
    }

    internal static void Append(StringBuilder comparable, string text)
    {
        var afterBlank = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsUnseen(rune.Value))
            {
                continue;
            }

            var isBlank = IsBlank(rune);
            if (!isBlank)
            {
                Append(comparable, rune);
            }
            else if (!afterBlank)
            {
                comparable.Append(' ');
            }

            afterBlank = isBlank;
        }
    }

    private static void Append(StringBuilder comparable, Rune rune)
    {
        if (rune.IsAscii)
        {
            comparable.Append((char)(char.IsAsciiLetterUpper((char)rune.Value) ? rune.Value | 0x20 : rune.Value));
            return;
        }

        var narrow = rune.Value is >= FullWidthFirst and <= FullWidthLast ? new Rune(rune.Value - FullWidthOffset) : rune;
        // Upper first: the two small sigmas have one capital letter.
        comparable.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(narrow)).ToString());
    }

    private static bool IsBlank(Rune rune) => rune.IsAscii
        ? rune.Value is <= ' ' or 0x7F
        : Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);

    /// <summary>Soft hyphens and zero-width characters, which pad newsletters.</summary>
    private static bool IsUnseen(int value) =>
        value is 0x00AD or 0x034F or (>= 0x200B and <= 0x200D) or 0x2060 or 0xFEFF;
}
