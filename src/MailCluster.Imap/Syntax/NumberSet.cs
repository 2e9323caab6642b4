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
