using System.Collections.Immutable;

namespace MailCluster.Imap.Syntax;

/// <summary>Sets of numbers, and what is cut out of octets.</summary>
internal ref partial struct SyntaxReader
{
    /// <summary>RFC 9051 §9 sets no bound; a line of the usual length holds no more.</summary>
    public const int MaxRanges = 10_000;

    public NumberSet SequenceSet()
    {
        if (Try('$'))
        {
            return NumberSet.Saved;
        }

        var ranges = ImmutableArray.CreateBuilder<NumberRange>(1);
        do
        {
            if (ranges.Count == MaxRanges)
            {
                Fail($"at most {MaxRanges} ranges");
            }

            var from = SequenceNumber();
            ranges.Add(new NumberRange(from, Try(':') ? SequenceNumber() : from));
        }
        while (Try(','));
        return new NumberSet(ranges.DrainToImmutable());
    }

    private uint SequenceNumber() => Try('*') ? 0 : NzNumber();

    /// <summary>RFC 9051 §9, partial: <c>&lt;first.count&gt;</c>.</summary>
    public PartialRange? Partial()
    {
        if (!Try('<'))
        {
            return null;
        }

        var first = Number64();
        Expect('.');
        var count = Number64();
        if (count == 0)
        {
            Fail("a count from 1 on");
        }

        Expect('>');
        return new PartialRange(first, count);
    }
}

/// <summary>Octets of a section from the first on, as many as there are up to the count.</summary>
internal readonly record struct PartialRange(long First, long Count);
