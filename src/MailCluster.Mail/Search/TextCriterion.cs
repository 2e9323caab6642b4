namespace MailCluster.Mail.Search;

/// <summary>
/// A search key of RFC 9051 §6.4.4 that names a string, which is sought anywhere in the place, without regard to case.
/// <see cref="Matches"/> says what is true; an index must answer the same.
/// </summary>
public sealed record TextCriterion
{
    private TextCriterion(TextPlace place, string field, string needle)
    {
        Place = place;
        Field = field;
        Needle = ComparableText.Of(needle);
    }

    public TextPlace Place { get; }

    /// <summary>In lower case; empty where no field is meant, or a name that no field can have.</summary>
    public string Field { get; }

    /// <summary>As <see cref="ComparableText"/>. The empty one is in every text (RFC 9051 §6.4.4, HEADER).</summary>
    public string Needle { get; }

    /// <summary>What stands before the field's text in <see cref="SearchableText.Header"/>.</summary>
    public string FieldStart => HeaderText.StartOf(Field);

    public static TextCriterion InField(string name, string needle) =>
        new(TextPlace.Field, HeaderText.NameOf(name) ?? "", needle);

    public static TextCriterion InHeader(string needle) => new(TextPlace.Header, "", needle);

    public static TextCriterion InBody(string needle) => new(TextPlace.Body, "", needle);

    public static TextCriterion InText(string needle) => new(TextPlace.Text, "", needle);

    public bool Matches(SearchableText text) => Place switch
    {
        TextPlace.Field => IsInField(text.Header),
        TextPlace.Header => IsIn(text.Header),
        TextPlace.Body => IsIn(text.Body),
        _ => IsIn(text.Header) || IsIn(text.Body),
    };

    private bool IsIn(ReadOnlySpan<char> text) => text.Contains(Needle, StringComparison.Ordinal);

    private bool IsInField(string header)
    {
        var start = header.IndexOf(FieldStart, StringComparison.Ordinal);
        if (start < 0)
        {
            return false;
        }

        var text = header.AsSpan(start + FieldStart.Length);
        var end = text.IndexOf(HeaderText.LineEnd);
        return IsIn(end < 0 ? text : text[..end]);
    }
}
