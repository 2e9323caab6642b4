using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Commands;

/// <summary>What SEARCH shall tell (RFC 4731, RFC 5182, RFC 9051 §6.4.4.1).</summary>
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
}

/// <summary>Reads RETURN (...) .</summary>
internal static class SearchReturns
{
    public static SearchReturn Parse(ref SyntaxReader reader)
    {
        reader.Expect('(');
        if (reader.Try(')'))
        {
            return SearchReturn.All;
        }

        var asked = SearchReturn.Classic;
        do
        {
            switch (reader.Keyword())
            {
                case "MIN":
                    asked |= SearchReturn.Min;
                    break;
                case "MAX":
                    asked |= SearchReturn.Max;
                    break;
                case "ALL":
                    asked |= SearchReturn.All;
                    break;
                case "COUNT":
                    asked |= SearchReturn.Count;
                    break;
                case "SAVE":
                    asked |= SearchReturn.Save;
                    break;
                default:
                    reader.Fail("MIN, MAX, ALL, COUNT or SAVE before here");
                    break;
            }
        }
        while (reader.Try(' '));
        reader.Expect(')');
        return asked;
    }
}
