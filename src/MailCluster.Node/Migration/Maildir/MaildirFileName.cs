using System.Globalization;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Node.Migration.Maildir;

/// <summary>
/// The name of a file in <c>cur</c>: what is unique, then <c>:2,</c> and a letter for each flag. A system that cannot
/// have a colon in names writes another character.
/// </summary>
internal static class MaildirFileName
{
    public const string InfoMark = ":2,";

    private static readonly string[] Marks = [InfoMark, ";2,", "!2,"];

    private static readonly (char Letter, MessageFlags Flag)[] Letters =
    [
        ('D', MessageFlags.Draft), ('F', MessageFlags.Flagged), ('P', MessageFlags.Forwarded), ('R', MessageFlags.Answered),
        ('S', MessageFlags.Seen), ('T', MessageFlags.Deleted),
    ];

    /// <summary>Behind the mark stand letters; there are none where there is no mark.</summary>
    public static (string Unique, string Letters) Split(string name)
    {
        foreach (var mark in Marks)
        {
            if (name.LastIndexOf(mark, StringComparison.Ordinal) is > 0 and var at)
            {
                return (name[..at], name[(at + mark.Length)..]);
            }
        }

        return (name, "");
    }

    /// <summary>As a list in parentheses; a letter without a keyword says nothing.</summary>
    public static string Flags(string letters, MaildirKeywords keywords)
    {
        var flags = MessageFlags.None;
        foreach (var (letter, flag) in Letters)
        {
            flags |= letters.Contains(letter, StringComparison.Ordinal) ? flag : MessageFlags.None;
        }

        // Some keywords have a bit of their own, and come twice where a letter names them as well.
        var named = FlagText.Write(flags, [.. letters.Where(char.IsAsciiLetterLower).Distinct()
            .Select(keywords.Find).OfType<string>()]);
        return FlagText.TryParse(named, out var all, out var others) ? FlagText.Write(all, others) : FlagText.Write(flags, []);
    }

    /// <summary>The letters of the flags, in the order of the alphabet; keywords are the caller's.</summary>
    public static string LettersOf(MessageFlags flags) =>
        string.Concat(Letters.Where(letter => flags.HasFlag(letter.Flag)).Select(letter => letter.Letter));

    /// <summary>Those that no letter says: keywords with a bit of their own.</summary>
    public static MessageFlags Unlettered(MessageFlags flags) =>
        Letters.Aggregate(flags, (left, letter) => left & ~letter.Flag);

    /// <summary>Names begin with the time of delivery, by which they sort; others are behind those.</summary>
    public static long SortKey(string name)
    {
        var digits = name.AsSpan(0, name.TakeWhile(char.IsAsciiDigit).Count());
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : long.MaxValue;
    }
}
