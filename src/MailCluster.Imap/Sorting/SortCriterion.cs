using System.Collections.Immutable;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Sorting;

/// <summary>By what SORT orders (RFC 5256 §3; the display names RFC 5957 §3).</summary>
internal enum SortKey
{
    Arrival,
    Cc,
    Date,
    DisplayFrom,
    DisplayTo,
    From,
    Size,
    Subject,
    To,
}

/// <summary>One key of SORT, the smallest first, or the largest where it is reversed.</summary>
internal readonly record struct SortCriterion(SortKey Key, bool IsReversed)
{
    /// <summary>RFC 5256 §5 sets no bound; there are nine keys.</summary>
    public const int MostInCommand = 50;

    /// <summary>The numbers and the short columns of the store say it.</summary>
    public bool NeedsStructure => Key is not (SortKey.Arrival or SortKey.Size);

    /// <summary>
    /// RFC 5256 §5, sort-criteria. A key that comes again changes nothing, since it compares only what is equal by it: so
    /// it is left out.
    /// </summary>
    public static ImmutableArray<SortCriterion> ParseList(ref SyntaxReader reader)
    {
        var all = reader.List(Parse, MostInCommand);
        return [.. all.DistinctBy(criterion => criterion.Key)];
    }

    private static SortCriterion Parse(ref SyntaxReader reader)
    {
        var isReversed = reader.TryWord("REVERSE");
        if (isReversed)
        {
            reader.Space();
        }

        SortKey? key = reader.Keyword() switch
        {
            "ARRIVAL" => SortKey.Arrival,
            "CC" => SortKey.Cc,
            "DATE" => SortKey.Date,
            "DISPLAYFROM" => SortKey.DisplayFrom,
            "DISPLAYTO" => SortKey.DisplayTo,
            "FROM" => SortKey.From,
            "SIZE" => SortKey.Size,
            "SUBJECT" => SortKey.Subject,
            "TO" => SortKey.To,
            _ => null,
        };
        if (key is null)
        {
            reader.Fail("ARRIVAL, CC, DATE, DISPLAYFROM, DISPLAYTO, FROM, SIZE, SUBJECT or TO before here");
        }

        return new SortCriterion(key ?? default, isReversed);
    }
}
