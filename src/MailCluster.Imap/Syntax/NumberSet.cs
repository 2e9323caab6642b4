using System.Collections.Immutable;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Syntax;

/// <summary>
/// A sequence set as it was sent (RFC 9051 §9, sequence-set): message sequence numbers or UIDs, which of them the command
/// says. Never spread out: <c>1:4294967295</c> is one range.
/// </summary>
/// <param name="Ranges">In the order sent.</param>
/// <param name="IsSaved"><c>$</c>: the result of the last SEARCH that saved one (RFC 5182).</param>
internal sealed record NumberSet(ImmutableArray<NumberRange> Ranges, bool IsSaved = false)
{
    public static readonly NumberSet Saved = new([], IsSaved: true);

    /// <summary>
    /// The set as it is, in growing order, none overlapping another: so that <c>1:*</c> sent a thousand times is one range.
    /// </summary>
    /// <param name="largest">What <c>*</c> means.</param>
    public List<(uint Low, uint High)> ToNumbers(uint largest)
    {
        var merged = new List<(uint Low, uint High)>();
        foreach (var range in Ranges.Select(range => range.Of(largest)).OrderBy(range => range.Low))
        {
            if (merged.Count > 0 && range.Low <= merged[^1].High)
            {
                merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, range.High));
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    /// <summary>The set as UIDs, where that is what was sent.</summary>
    /// <param name="largest">What <c>*</c> means: the largest UID of the mailbox.</param>
    public UidSet ToUids(uint largest) =>
        UidSet.Of(Ranges.Select(range => range.Of(Math.Max(1, largest))).Select(r => new UidRange(new Uid(r.Low), new Uid(r.High))));
}

/// <summary>Two ends in either order; 0 is <c>*</c>, which no message has.</summary>
internal readonly record struct NumberRange(uint From, uint To)
{
    /// <summary>In order. <c>*</c> is the largest number, so <c>559:*</c> always holds it (RFC 9051 §9, seq-range).</summary>
    public (uint Low, uint High) Of(uint largest)
    {
        var from = From == 0 ? largest : From;
        var to = To == 0 ? largest : To;
        return (Math.Min(from, to), Math.Max(from, to));
    }
}
