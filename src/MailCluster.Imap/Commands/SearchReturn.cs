using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>What SEARCH and SORT shall tell (RFC 4731, RFC 5182, RFC 5267, RFC 9051 §6.4.4.1, RFC 9394).</summary>
[Flags]
internal enum SearchReturn
{
    /// <summary>Not asked: the untagged SEARCH of RFC 3501.</summary>
    Classic = 0,
    Min = 1,
    Max = 2,
    All = 4,
    Count = 8,
    Save = 16,
    Partial = 32,

    /// <summary>RFC 5267 §4.2: a hint, which needs no answer.</summary>
    Context = 64,
    Update = 128,
}

/// <summary>RETURN (...).</summary>
/// <param name="Part">Of PARTIAL.</param>
internal readonly record struct ResultOptions(SearchReturn Return, ResultRange Part = default)
{
    public bool Has(SearchReturn option) => (Return & option) != 0;

    /// <summary>The options, where they come next, and the space behind them.</summary>
    public static ResultOptions TryParse(ref SyntaxReader reader)
    {
        if (!reader.TryWord("RETURN"))
        {
            return default;
        }

        reader.Space();
        var options = Parse(ref reader);
        reader.Space();
        return options;
    }

    private static ResultOptions Parse(ref SyntaxReader reader)
    {
        reader.Expect('(');
        if (reader.Try(')'))
        {
            return new ResultOptions(SearchReturn.All);
        }

        var asked = SearchReturn.Classic;
        ResultRange part = default;
        do
        {
            var option = reader.Keyword() switch
            {
                "MIN" => SearchReturn.Min,
                "MAX" => SearchReturn.Max,
                "ALL" => SearchReturn.All,
                "COUNT" => SearchReturn.Count,
                "SAVE" => SearchReturn.Save,
                "PARTIAL" => SearchReturn.Partial,
                "CONTEXT" => SearchReturn.Context,
                "UPDATE" => SearchReturn.Update,
                _ => SearchReturn.Classic,
            };
            if (option == SearchReturn.Classic)
            {
                reader.Fail("MIN, MAX, ALL, COUNT, PARTIAL, SAVE, CONTEXT or UPDATE before here");
            }

            // RFC 9394 §3.1: one of either, or none.
            if ((option == SearchReturn.Partial && (asked & (SearchReturn.All | SearchReturn.Partial)) != 0)
                || (option == SearchReturn.All && (asked & SearchReturn.Partial) != 0))
            {
                reader.Fail("one PARTIAL or ALL before here");
            }

            if (option == SearchReturn.Partial)
            {
                reader.Space();
                part = reader.ResultRange();
            }

            asked |= option;
        }
        while (reader.Try(' '));
        reader.Expect(')');
        return new ResultOptions(asked, part);
    }
}
