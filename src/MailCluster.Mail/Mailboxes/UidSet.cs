using System.Collections.Immutable;

namespace MailCluster.Mail.Mailboxes;

/// <summary>UIDs from the first to the last, both included.</summary>
public readonly record struct UidRange(Uid First, Uid Last)
{
    public long Count => (long)Last.Value - First.Value + 1;
}

/// <summary>A set of UIDs as ranges in growing order, none touching the next: a million in a row are one range.</summary>
public sealed class UidSet
{
    public static readonly UidSet Empty = new([]);

    public static readonly UidSet All = Of(new UidRange(new Uid(1), new Uid(uint.MaxValue)));

    private UidSet(ImmutableArray<UidRange> ranges) => Ranges = ranges;

    public ImmutableArray<UidRange> Ranges { get; }

    public bool IsEmpty => Ranges.IsEmpty;

    public long Count => Ranges.Sum(range => range.Count);

    /// <summary>The ranges may come in any order and overlap.</summary>
    public static UidSet Of(params IEnumerable<UidRange> ranges)
    {
        var ordered = ranges.ToArray();
        if (!IsOrdered(ordered))
        {
            Array.Sort(ordered, static (left, right) => left.First.Value.CompareTo(right.First.Value));
        }

        var merged = ImmutableArray.CreateBuilder<UidRange>();
        foreach (var range in ordered)
        {
            if (merged.Count > 0 && range.First.Value <= (long)merged[^1].Last.Value + 1)
            {
                merged[^1] = merged[^1] with { Last = range.Last > merged[^1].Last ? range.Last : merged[^1].Last };
            }
            else
            {
                merged.Add(range);
            }
        }

        return new UidSet(merged.DrainToImmutable());
    }

    /// <summary>The same of single ones; cheapest where they grow, as they come out of an index.</summary>
    public static UidSet Of(IEnumerable<Uid> uids)
    {
        var ranges = new List<UidRange>();
        foreach (var uid in uids)
        {
            if (ranges.Count > 0 && ranges[^1].Last.Value + 1L == uid.Value)
            {
                ranges[^1] = ranges[^1] with { Last = uid };
            }
            else
            {
                ranges.Add(new UidRange(uid, uid));
            }
        }

        return Of(ranges);
    }

    public bool Contains(Uid uid)
    {
        var (low, high) = (0, Ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (Ranges[middle].Last < uid)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low < Ranges.Length && Ranges[low].First <= uid;
    }

    public UidSet Union(UidSet other) =>
        other.IsEmpty ? this : IsEmpty ? other : Of(Ranges.Concat(other.Ranges));

    public UidSet Intersect(UidSet other)
    {
        var common = ImmutableArray.CreateBuilder<UidRange>();
        for (var (i, j) = (0, 0); i < Ranges.Length && j < other.Ranges.Length;)
        {
            var (left, right) = (Ranges[i], other.Ranges[j]);
            var first = left.First > right.First ? left.First : right.First;
            var last = left.Last < right.Last ? left.Last : right.Last;
            if (first <= last)
            {
                common.Add(new UidRange(first, last));
            }

            _ = left.Last < right.Last ? i++ : j++;
        }

        return new UidSet(common.DrainToImmutable());
    }

    /// <summary>What is in this set and not in the other.</summary>
    public UidSet Except(UidSet other) => other.IsEmpty ? this : Intersect(other.Complement());

    public IEnumerable<Uid> Uids()
    {
        foreach (var range in Ranges)
        {
            for (var value = (long)range.First.Value; value <= range.Last.Value; value++)
            {
                yield return new Uid((uint)value);
            }
        }
    }

    private static bool IsOrdered(UidRange[] ranges)
    {
        for (var i = 1; i < ranges.Length; i++)
        {
            if (ranges[i].First.Value < ranges[i - 1].First.Value)
            {
                return false;
            }
        }

        return true;
    }

    private UidSet Complement()
    {
        var gaps = ImmutableArray.CreateBuilder<UidRange>(Ranges.Length + 1);
        var next = 0L;
        foreach (var range in Ranges)
        {
            if (range.First.Value > next)
            {
                gaps.Add(new UidRange(new Uid((uint)next), new Uid(range.First.Value - 1)));
            }

            next = range.Last.Value + 1L;
        }

        if (next <= uint.MaxValue)
        {
            gaps.Add(new UidRange(new Uid((uint)next), new Uid(uint.MaxValue)));
        }

        return new UidSet(gaps.DrainToImmutable());
    }

    public override string ToString() => string.Join(
        ',', Ranges.Select(r => r.First == r.Last ? $"{r.First.Value}" : $"{r.First.Value}:{r.Last.Value}"));
}

/// <param name="IsForgotten">The history does not reach back so far: whole lists must be compared.</param>
public sealed record ExpungedUids(UidSet Uids, bool IsForgotten);
