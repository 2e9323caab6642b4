using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Syntax;

/// <summary>
/// Flags and keywords as a list in parentheses (RFC 9051 §9, flag-list), for those who speak no IMAP and name them alike.
/// </summary>
public static class FlagText
{
    /// <summary>False where it is no list, or has a system flag that there is not; <c>\Recent</c> is left out.</summary>
    public static bool TryParse(string text, out MessageFlags flags, out ImmutableArray<string> keywords)
    {
        var reader = new SyntaxReader(Encoding.UTF8.GetBytes(text), utf8: true, default);
        var names = reader.FlagList();
        reader.End();
        var known = FlagNames.TrySplit(names, out flags, out keywords, out _);
        return known && reader.Error is null;
    }

    /// <exception cref="FormatException">It is no list of flags.</exception>
    public static (MessageFlags Flags, ImmutableArray<string> Keywords) Parse(string text) =>
        TryParse(text, out var flags, out var keywords)
            ? (flags, keywords)
            : throw new FormatException($"Not a list of flags: {text}");

    public static string Write(MessageFlags flags, ImmutableArray<string> keywords) =>
        $"({string.Join(' ', Names(flags).Concat(keywords))})";

    private static IEnumerable<string> Names(MessageFlags flags) =>
        FlagNames.All.Where(flag => flags.HasFlag(flag.Flag)).Select(flag => flag.Name);
}
