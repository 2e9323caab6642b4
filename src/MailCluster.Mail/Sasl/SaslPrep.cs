using System.Globalization;
using System.Text;

namespace MailCluster.Mail.Sasl;

/// <summary>
/// Makes user names and passwords comparable (RFC 4013), as far as this program can: mapping (§2.1) and prohibited
/// characters (§2.3). Normalization (§2.2) needs tables that invariant globalization leaves out, so text beyond ASCII
/// is compared as the client composed it; the bidirectional rule (§2.4), which guards display, is not applied.
/// </summary>
public static class SaslPrep
{
    public static bool TryPrepare(string text, out string prepared)
    {
        prepared = text;
        if (Ascii.IsValid(text))
        {
            return !text.AsSpan().ContainsAnyInRange('\0', '\u001F')
                && !text.Contains('\u007F', StringComparison.Ordinal);
        }

        var mapped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsMappedToNothing(rune.Value))
            {
                continue;
            }

            var category = Rune.GetUnicodeCategory(rune);
            if (IsProhibited(rune, category))
            {
                return false;
            }

            mapped.Append(category == UnicodeCategory.SpaceSeparator ? " " : rune.ToString());
        }

        prepared = mapped.ToString();
        return true;
    }

    /// <summary>RFC 3454 table B.1: soft hyphens, joiners and variation selectors, which nobody sees.</summary>
    private static bool IsMappedToNothing(int value) =>
        value is 0x00AD or 0x034F or 0x1806 or (>= 0x180B and <= 0x180D) or (>= 0x200B and <= 0x200D)
            or 0x2060 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF;

    /// <summary>
    /// RFC 4013 §2.3: controls, private use, lone surrogates (which enumerate as U+FFFD), format characters. Taken by
    /// category rather than by the tables of Unicode 3.2, so that later additions are covered.
    /// </summary>
    private static bool IsProhibited(Rune rune, UnicodeCategory category) =>
        rune == Rune.ReplacementChar
        || category is UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
