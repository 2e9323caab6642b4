using System.Text;
using MailCluster.Storage.Search;

namespace MailCluster.Storage.Sqlite;

/// <summary>Texts are found with the trigrams of FTS5, each of which is three characters.</summary>
internal static class SqliteText
{
    private const int Gram = 3;

    /// <summary>More would narrow the candidates no further, and the text itself decides in the end.</summary>
    private const int MostGrams = 16;

    public static TextDialect Dialect { get; } = new(
        "instr",
        "SELECT 1",
        "SELECT count(*) FROM (SELECT 1 FROM body_trigram WHERE body_trigram MATCH @pattern LIMIT @limit)",
        PatternOf,
        // CROSS: left to itself, SQLite asks the index anew for each message of the folder.
        "body_trigram CROSS JOIN body_text t CROSS JOIN message m",
        static _ => "body_trigram MATCH @pattern AND t.id = body_trigram.rowid");

    /// <summary>
    /// Some trigrams of the needle, all of which must be there, as strings of the query language of FTS5: in quotes
    /// nothing has a meaning but the quote, which is doubled.
    /// </summary>
    private static string? PatternOf(string needle)
    {
        Rune[] runes = [.. needle.EnumerateRunes()];
        var last = runes.Length - Gram;
        if (last < 0)
        {
            return null;
        }

        var count = Math.Min(last + 1, MostGrams);
        var pattern = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var at = count == 1 ? 0 : i * last / (count - 1);
            var gram = string.Concat(runes[at], runes[at + 1], runes[at + 2]);
            pattern.Append(i == 0 ? "" : " AND ").Append('"')
                .Append(gram.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        return pattern.ToString();
    }
}
