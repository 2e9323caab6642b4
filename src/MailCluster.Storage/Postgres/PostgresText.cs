using MailCluster.Mail.Search;
using MailCluster.Storage.Search;

namespace MailCluster.Storage.Postgres;

/// <summary>Texts are found with the trigrams of pg_trgm, where the migration could make them.</summary>
internal static class PostgresText
{
    /// <summary>A shorter needle has no trigram: its search would read the whole index.</summary>
    private const int Gram = 3;

    // An index of this kind cannot stop at a limit: a sample of the table says how frequent the needle is.
    private const string Probe =
        "SELECT count(*) FILTER (WHERE t.header LIKE @pattern OR t.body LIKE @pattern)"
        + " * (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'body_text'::regclass) / 500"
        + " FROM (SELECT header, body FROM body_text LIMIT least(500, @limit)) t";

    public static TextDialect Dialect { get; } = new(
        "strpos",
        "SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'body_trigram'",
        Probe,
        PatternOf,
        "body_text t CROSS JOIN message m",
        CandidatesOf);

    private static string? PatternOf(string needle) => needle.Length < Gram
        ? null
        : "%" + needle.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal) + "%";

    private static string CandidatesOf(TextPlace place) => place switch
    {
        TextPlace.Body => "t.body LIKE @pattern",
        TextPlace.Text => "(t.header LIKE @pattern OR t.body LIKE @pattern)",
        _ => "t.header LIKE @pattern",
    };
}
