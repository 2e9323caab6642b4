using System.Collections.Immutable;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// The messages of the selected mailbox as this session knows them: message sequence numbers from 1 on, in the order of
/// their UIDs (RFC 9051 §2.3.1.2). It changes only where the client is told, so that both always count alike. Kept as
/// ranges: a million messages without a gap cost as much as one. Used by one session.
/// </summary>
internal sealed class MessageNumbers
{
    private readonly List<UidRange> _ranges = [];

    /// <summary>For each range the number of its first message.</summary>
    private readonly List<int> _numbers = [];

    public MessageNumbers()
    {
    }

    public MessageNumbers(UidSet uids) => Load(uids.Ranges);

    public int Count => _ranges.Count == 0 ? 0 : _numbers[^1] + (int)_ranges[^1].Count - 1;

    /// <summary>The largest UID, 0 where there is no message.</summary>
    public uint Last => _ranges.Count == 0 ? 0 : _ranges[^1].Last.Value;

    public UidSet Uids => UidSet.Of(_ranges);

    /// <summary>The UID of a number from 1 to <see cref="Count"/>.</summary>
    public Uid UidOf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Count);
        var at = _numbers.BinarySearch(number);
        at = at >= 0 ? at : ~at - 1;
        return new Uid(_ranges[at].First.Value + (uint)(number - _numbers[at]));
    }

    /// <summary>The number of a message, or 0 where the session knows none with this UID.</summary>
    public int NumberOf(Uid uid)
    {
        var at = RangeBefore(uid);
        return at >= 0 && uid <= _ranges[at].Last ? _numbers[at] + (int)(uid.Value - _ranges[at].First.Value) : 0;
    }

    /// <summary>The UIDs of numbers from one to another, both within 1 and <see cref="Count"/>.</summary>
    public IEnumerable<UidRange> UidsOf(int first, int last)
    {
        var at = RangeBefore(UidOf(first));
        for (var number = first; number <= last; at++)
        {
            var skipped = (uint)(number - _numbers[at]);
            var from = _ranges[at].First.Value + skipped;
            var count = (uint)Math.Min(last - number + 1, _ranges[at].Count - skipped);
            yield return new UidRange(new Uid(from), new Uid(from + count - 1));
            number += (int)count;
        }
    }

    /// <summary>A set as message sequence numbers, in ranges; UIDs that the session does not know are left out.</summary>
    public IEnumerable<(uint First, uint Last)> NumbersOf(UidSet uids)
    {
        var known = uids.Intersect(Uids);
        (uint First, uint Last)? pending = null;
        foreach (var range in known.Ranges)
        {
            var first = (uint)NumberOf(range.First);
            var last = (uint)NumberOf(range.Last);
            if (pending is { } open && open.Last + 1 == first)
            {
                pending = (open.First, last);
                continue;
            }

            if (pending is { } done)
            {
                yield return done;
            }

            pending = (first, last);
        }

        if (pending is { } rest)
        {
            yield return rest;
        }
    }

    /// <summary>Adds messages that are new to the session; returns how many. Those that it knows are ignored.</summary>
    public int Add(UidSet uids)
    {
        var before = Count;
        Load(Uids.Union(uids).Ranges);
        return Count - before;
    }

    /// <summary>
    /// Removes messages and returns their numbers as the client has to hear them: the highest first, so that none changes
    /// before its turn (RFC 9051 §7.5.1). UIDs that the session does not know are ignored.
    /// </summary>
    public List<int> Remove(UidSet uids)
    {
        var gone = uids.Intersect(Uids);
        var numbers = new List<int>();
        foreach (var uid in gone.Uids())
        {
            numbers.Add(NumberOf(uid));
        }

        numbers.Reverse();
        Load(Uids.Except(gone).Ranges);
        return numbers;
    }

    private void Load(ImmutableArray<UidRange> ranges)
    {
        _ranges.Clear();
        _numbers.Clear();
        var number = 1;
        foreach (var range in ranges)
        {
            _ranges.Add(range);
            _numbers.Add(number);
            number += (int)range.Count;
        }
    }

    /// <summary>The last range that begins at the UID or before it, -1 where there is none.</summary>
    private int RangeBefore(Uid uid)
    {
        var (low, high) = (0, _ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].First <= uid)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
