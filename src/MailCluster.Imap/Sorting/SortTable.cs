using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Sorting;

/// <summary>
/// The keys of the messages that SORT orders, and nothing else of them: a column of numbers for each criterion, the texts
/// one behind the other. Sorts piece by piece, so that a million messages hold up nobody. Used by one command.
/// </summary>
/// <param name="criteria">Each key once.</param>
/// <param name="maxOctets">Of all texts together.</param>
internal sealed class SortTable(ImmutableArray<SortCriterion> criteria, long maxOctets) : IComparer<int>
{
    /// <summary>Octets of a text that are compared: nobody tells longer ones apart at their end.</summary>
    public const int LongestText = 1_000;

    /// <summary>Messages that are put in order, or merged, in one step.</summary>
    public const int Step = 16 * 1024;

    private readonly List<uint> _uids = [];
    private readonly List<long>[] _columns = [.. criteria.Select(_ => new List<long>())];
    private readonly SortTexts _texts = new(maxOctets);

    public int Count => _uids.Count;

    public bool Holds(Uid uid) => _uids.Contains(uid.Value);

    public bool NeedsStructure => criteria.Any(criterion => criterion.NeedsStructure);

    /// <summary>Messages must be added in the order of the mailbox: it decides where all keys are equal.</summary>
    /// <returns>False where the texts no longer fit.</returns>
    public bool TryAdd(FetchedMessage message, MessageSortKeys keys)
    {
        for (var i = 0; i < criteria.Length; i++)
        {
            if (ValueOf(criteria[i].Key, message, keys) is not { } value)
            {
                return false;
            }

            _columns[i].Add(value);
        }

        _uids.Add(message.Uid.Value);
        return true;
    }

    /// <summary>After it the table is empty but for the order; each step is one more piece of the work.</summary>
    public IEnumerable<int> Sort(Action<uint[]> done)
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (var start = 0; start < order.Length; start += Step)
        {
            Array.Sort(order, start, Math.Min(Step, order.Length - start), this);
            if (order.Length > Step)
            {
                yield return start;
            }
        }

        var merged = order.Length > Step ? new int[order.Length] : [];
        for (var width = (long)Step; width < order.Length; width *= 2)
        {
            foreach (var at in Merge(order, merged, (int)width))
            {
                yield return at;
            }

            (order, merged) = (merged, order);
        }

        done(Array.ConvertAll(order, index => _uids[index]));
    }

    /// <summary>Of two messages by their place in the table; never 0 but for one and the same.</summary>
    public int Compare(int left, int right)
    {
        for (var i = 0; i < criteria.Length; i++)
        {
            var (a, b) = (_columns[i][left], _columns[i][right]);
            var compared = IsText(criteria[i].Key) ? _texts.Compare(a, b) : a.CompareTo(b);
            if (compared != 0)
            {
                return criteria[i].IsReversed ? -compared : compared;
            }
        }

        return left.CompareTo(right);
    }

    private IEnumerable<int> Merge(int[] from, int[] to, int width)
    {
        for (var start = 0L; start < from.Length; start += 2L * width)
        {
            var (left, right) = ((int)start, (int)Math.Min(start + width, from.Length));
            var (middle, end) = (right, (int)Math.Min(start + (2L * width), from.Length));
            for (var at = (int)start; at < end; at++)
            {
                var takesLeft = left < middle && (right == end || Compare(from[left], from[right]) < 0);
                to[at] = takesLeft ? from[left++] : from[right++];
                if (at % Step == Step - 1)
                {
                    yield return at;
                }
            }
        }
    }

    private static bool IsText(SortKey key) => key is not (SortKey.Arrival or SortKey.Date or SortKey.Size);

    /// <summary>RFC 5256 §2.2: without a valid date the message counts as sent when it came.</summary>
    private long? ValueOf(SortKey key, FetchedMessage message, MessageSortKeys keys) => key switch
    {
        SortKey.Arrival => message.InternalDate.UtcTicks,
        SortKey.Date => (keys.SentAt ?? message.InternalDate).UtcTicks,
        SortKey.Size => message.Size,
        SortKey.Cc => _texts.Add(keys.CcMailbox),
        SortKey.DisplayFrom => _texts.Add(keys.DisplayFrom),
        SortKey.DisplayTo => _texts.Add(keys.DisplayTo),
        SortKey.From => _texts.Add(keys.FromMailbox),
        SortKey.To => _texts.Add(keys.ToMailbox),
        _ => _texts.Add(keys.BaseSubject),
    };

    /// <summary>
    /// Texts in the form in which they are compared octet by octet (<see cref="ComparableText"/>, near i;unicode-casemap
    /// of RFC 5051, which RFC 5256 §7 asks for).
    /// </summary>
    private sealed class SortTexts(long maxOctets)
    {
        private const int PieceLength = 64 * 1024;

        private readonly List<byte[]> _pieces = [];
        private int _used = PieceLength;

        /// <summary>Where the text is, and its length in the low bits; null where it does not fit.</summary>
        public long? Add(string text)
        {
            if (text.Length == 0)
            {
                return 0;
            }

            var octets = Encoding.UTF8.GetBytes(ComparableText.Of(text));
            var length = Math.Min(octets.Length, LongestText);
            if (_used + length > PieceLength)
            {
                if ((_pieces.Count + 1L) * PieceLength > maxOctets)
                {
                    return null;
                }

                _pieces.Add(new byte[PieceLength]);
                _used = 0;
            }

            octets.AsSpan(0, length).CopyTo(_pieces[^1].AsSpan(_used));
            var place = (((_pieces.Count - 1L) * PieceLength) + _used) << 16 | (long)length;
            _used += length;
            return place;
        }

        public int Compare(long left, long right) => left == right ? 0 : Octets(left).SequenceCompareTo(Octets(right));

        private ReadOnlySpan<byte> Octets(long place)
        {
            var (start, length) = (place >> 16, (int)(place & 0xFFFF));
            return length == 0
                ? default
                : _pieces[(int)(start / PieceLength)].AsSpan((int)(start % PieceLength), length);
        }
    }
}
