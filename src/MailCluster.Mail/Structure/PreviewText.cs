using System.Text;

namespace MailCluster.Mail.Structure;

/// <summary>A few readable words from the beginning of a text part (RFC 8970 §3).</summary>
internal static class PreviewText
{
    /// <summary>RFC 8970 §3.1: servers should keep to 200 characters.</summary>
    private const int MaxCharacters = 200;

    public static string From(ReadOnlySpan<byte> octets, string transferEncoding, string? charset, bool isHtml)
    {
        return Fold(PartText.From(octets, transferEncoding, charset, isHtml, MaxCharacters * 8));
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(MaxCharacters);
        foreach (var rune in text.EnumerateRunes())
        {
            // Zero-width characters pad the hidden first lines of newsletters.
            if (rune.Value is 0x200B or 0x200C or 0xFEFF or 0x00AD or 0x034F)
            {
                continue;
            }

            var isBlank = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            if (isBlank && (folded.Length == 0 || folded[^1] == ' '))
            {
                continue;
            }

            if (folded.Length + rune.Utf16SequenceLength > MaxCharacters)
            {
                break;
            }

            folded.Append(isBlank ? " " : rune.ToString());
        }

        return folded.ToString().TrimEnd();
    }
}
