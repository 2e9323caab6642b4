using System.Collections.Immutable;

namespace MailCluster.Storage.Mailboxes;

/// <summary>
/// A set of keywords as it is stored: sorted, with one space between, without regard to case, in the case that the folder
/// saw first (RFC 9051 §2.3.2). A keyword is an atom, so that it holds no space.
/// </summary>
internal static class Keywords
{
    /// <summary>Different keywords on one message.</summary>
    public const int PerMessage = 64;

    /// <summary>Different keywords that a folder has ever had.</summary>
    public const int PerFolder = 256;

    private static readonly StringComparer Case = StringComparer.OrdinalIgnoreCase;

    public static ImmutableArray<string> Split(string stored) =>
        stored.Length == 0 ? [] : [.. stored.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    public static string Join(IEnumerable<string> keywords) => string.Join(' ', keywords.Distinct(Case).Order(Case));

    public static int Count(string stored) => stored.Length == 0 ? 0 : stored.AsSpan().Count(' ') + 1;

    /// <summary>Both sets; where they differ in case alone the left one's stays.</summary>
    public static string Union(string left, string right) =>
        right.Length == 0 ? left : left.Length == 0 ? right : Join(Split(left).Concat(Split(right)));

    public static string Except(string left, string right) =>
        left.Length == 0 || right.Length == 0 ? left : Join(Split(left).Except(Split(right), Case));

    /// <summary>The keywords in the case in which the folder knows them.</summary>
    public static string InCaseOf(string folder, string keywords)
    {
        var known = Split(folder).ToDictionary(keyword => keyword, Case);
        return Join(Split(keywords).Select(keyword => known.GetValueOrDefault(keyword, keyword)));
    }
}
