using MailCluster.Mail.Search;

namespace MailCluster.Storage.Search;

/// <summary>How a database searches texts, as SQL over <c>message m</c> and <c>body_text t</c>.</summary>
/// <param name="Position">The function that says where a text has another, from 1, and 0 where it has not.</param>
/// <param name="HasIndex">A query with rows where there is an index of trigrams.</param>
/// <param name="Probe">
/// About how many texts of all accounts may have the <c>@pattern</c>, where that is less than <c>@limit</c>.
/// </param>
/// <param name="PatternOf">What the index is asked, null where it cannot help with such a needle.</param>
/// <param name="IndexedFrom">The tables of a search by index, which must lead: each message is cheap to find then.</param>
/// <param name="Candidates">What the index knows of the place, given a <c>@pattern</c>.</param>
internal sealed record TextDialect(
    string Position,
    string HasIndex,
    string Probe,
    Func<string, string?> PatternOf,
    string IndexedFrom,
    Func<TextPlace, string> Candidates)
{
    private const string OfFolder = " t.body_id = m.body_id AND m.folder_id = @folder AND m.uid BETWEEN @first AND @last";

    public string FindByIndex(TextPlace place) =>
        $"SELECT m.uid FROM {IndexedFrom} WHERE{OfFolder} AND {Candidates(place)} AND {Decide(place)}";

    public string FindInAll(TextPlace place) =>
        $"SELECT m.uid FROM message m JOIN body_text t ON{OfFolder} WHERE {Decide(place)}";

    private string Decide(TextPlace place)
    {
        var header = $"{Position}(t.header, @needle) > 0";
        var body = $"{Position}(t.body, @needle) > 0";
        return place switch
        {
            TextPlace.Field => InField(),
            TextPlace.Header => header,
            TextPlace.Body => body,
            _ => $"({header} OR {body})",
        };
    }

    /// <summary>In the one line that begins with <c>@field</c>: no needle has a line end.</summary>
    private string InField()
    {
        var line = $"substr(t.header, {Position}(t.header, @field) + length(@field))";
        return $"{Position}(t.header, @field) > 0 AND {Position}({line}, @needle) BETWEEN 1 AND {Position}({line}, '\n')";
    }
}
