using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MailCluster.Smtp.Tests.Server;

/// <summary>What is short for something else in a dialogue's lines.</summary>
internal static partial class DialogText
{
    /// <summary>As they are in these tests; a running node has others.</summary>
    public static readonly IReadOnlyDictionary<string, string> Passwords =
        new Dictionary<string, string> { ["bob"] = "pickles", ["alice"] = "ketchup" };

    public static string Expand(string text)
    {
        text = Repetition().Replace(text, m => new string(
            m.Groups[1].Value[0], int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)));
        text = Password().Replace(text, m => Passwords[m.Groups[1].Value]);
        return Encoded().Replace(
            text, m => Convert.ToBase64String(Encoding.UTF8.GetBytes(Unescape(m.Groups[1].Value))));
    }

    public static string Unescape(string text) => Escape().Replace(text, match => match.Value switch
    {
        "\\r" => "\r",
        "\\n" => "\n",
        "\\0" => "\0",
        "\\\\" => "\\",
        var hex => ((char)byte.Parse(hex[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
    });

    /// <summary>Do the lines fit the patterns, one by one, or reply by reply where a pattern ends in "..."?</summary>
    public static bool Fits(IReadOnlyList<string> patterns, IReadOnlyList<string> lines)
    {
        var at = 0;
        foreach (var pattern in patterns)
        {
            var code = pattern.EndsWith("...", StringComparison.Ordinal) ? pattern[..3] : null;
            while (code is not null && at < lines.Count && lines[at].StartsWith(code + "-", StringComparison.Ordinal))
            {
                at++;
            }

            if (at == lines.Count || !Fits(code is null ? pattern : code + " *", lines[at++]))
            {
                return false;
            }
        }

        return at == lines.Count;
    }

    private static bool Fits(string pattern, string line) =>
        Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");

    [GeneratedRegex(@"(\S)\{(\d+)\}")]
    private static partial Regex Repetition();

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Password();

    [GeneratedRegex(@"base64\{([^}]*)\}")]
    private static partial Regex Encoded();

    [GeneratedRegex(@"\\x[0-9a-fA-F]{2}|\\[rn0\\]")]
    private static partial Regex Escape();
}
