using System.Globalization;

namespace MailCluster.Pop3.Commands;

/// <summary>The keywords that this server knows.</summary>
internal enum Keyword
{
    Unknown,
    Apop,
    Auth,
    Capa,
    Dele,
    List,
    Noop,
    Pass,
    Quit,
    Retr,
    Rset,
    Stat,
    Stls,
    Top,
    Uidl,
    User,
    Utf8,
}

/// <summary>One command line: keyword and what stands behind it (RFC 1939 §3).</summary>
internal readonly record struct Pop3Command(Keyword Keyword, string Argument)
{
    public static Pop3Command Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var word = space < 0 ? line : line[..space];
        // A password may begin or end with spaces: everything behind the one space is the argument (RFC 1939 §7, PASS).
        var argument = space < 0 ? "" : line[(space + 1)..];
        var known = word.Length is 3 or 4 && !char.IsAsciiDigit(word[0])
            && Enum.TryParse<Keyword>(word, ignoreCase: true, out var keyword)
            ? keyword
            : Keyword.Unknown;
        return new Pop3Command(known, argument);
    }

    /// <summary>One message number.</summary>
    public bool TryGetNumber(out int number) => TryParseNumber(Argument.Trim(), out number);

    /// <summary>TOP's message number and count of lines.</summary>
    public bool TryGetNumbers(out int number, out int lines)
    {
        lines = 0;
        number = 0;
        return Argument.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var second]
            && TryParseNumber(first, out number)
            && TryParseNumber(second, out lines);
    }

    public override string ToString() => Keyword.ToString(); // the argument may be a password

    private static bool TryParseNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
