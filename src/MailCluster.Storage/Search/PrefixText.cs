using System.Buffers;
using System.Text;
using MailCluster.Mail.Search;

namespace MailCluster.Storage.Search;

/// <summary>The header lines of a copy, which stand before its body and are not in the index.</summary>
internal static class PrefixText
{
    /// <summary>Where these stand, octets that lie apart may come together in the text as people see it.</summary>
    private static readonly SearchValues<string> Rewritten = SearchValues.Create(
        ["=?", "\"", "\\", "(", " @", "@ ", "\t@", "@\t", " .", ". ", "\t.", ".\t"], StringComparison.Ordinal);

    /// <summary>What an address gets when it is written for people, whether its octets had it or not.</summary>
    private static readonly SearchValues<char> Inserted = SearchValues.Create(" <>,;:");

    public static bool Matches(string prefix, TextCriterion criterion) =>
        MayMatch(prefix, criterion.Needle) && criterion.Matches(SearchableText.OfHeader(prefix));

    /// <summary>A hundred thousand prefixes are not all taken apart: most have the needle nowhere.</summary>
    private static bool MayMatch(string prefix, string needle) =>
        needle.AsSpan().ContainsAny(Inserted)
        || !Ascii.IsValid(prefix)
        || prefix.AsSpan().ContainsAny(Rewritten)
        || prefix.Contains(needle, StringComparison.OrdinalIgnoreCase);
}
