using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>What SEARCH or SORT found, in the order in which it is told, at positions from 1 on.</summary>
internal sealed class FoundMessages
{
    private readonly MessageNumbers _inMailboxOrder;
    private readonly uint[]? _sorted;

    /// <summary>In the order of the mailbox.</summary>
    public FoundMessages(UidSet found)
    {
        Set = found;
        _inMailboxOrder = new MessageNumbers(found);
    }

    /// <summary>In the order of SORT.</summary>
    public FoundMessages(uint[] sorted)
        : this(UidSet.Of(sorted.Order().Select(uid => new Uid(uid)))) => _sorted = sorted;

    public UidSet Set { get; }

    public bool IsEmpty => Set.IsEmpty;

    public int Count => _inMailboxOrder.Count;

    public Uid At(int position) => _sorted is null ? _inMailboxOrder.UidOf(position) : new Uid(_sorted[position - 1]);

    /// <summary>From one position to another, both within 1 and <see cref="Count"/>; no ends where there are none.</summary>
    public IEnumerable<Uid> Uids((int First, int Last)? positions) => positions is not { } part ? []
        : _sorted is null ? UidSet.Of(_inMailboxOrder.UidsOf(part.First, part.Last)).Uids()
        : _sorted.Skip(part.First - 1).Take(part.Last - part.First + 1).Select(uid => new Uid(uid));

    /// <summary>
    /// The same as UIDs or message sequence numbers for a sequence-set. RFC 5267 §3.2: with SORT the order counts, and only
    /// what grows by one is put together.
    /// </summary>
    public IEnumerable<(uint First, uint Last)> Ranges((int First, int Last) positions, MessageNumbers? asNumbersOf)
    {
        if (_sorted is not null)
        {
            return Joined(Uids(positions).Select(uid => asNumbersOf is null ? uid.Value : (uint)asNumbersOf.NumberOf(uid)));
        }

        var part = UidSet.Of(_inMailboxOrder.UidsOf(positions.First, positions.Last));
        return asNumbersOf is null ? part.Ranges.Select(r => (r.First.Value, r.Last.Value)) : asNumbersOf.NumbersOf(part);
    }

    private static IEnumerable<(uint First, uint Last)> Joined(IEnumerable<uint> numbers)
    {
        (uint First, uint Last)? pending = null;
        foreach (var number in numbers)
        {
            if (pending is { } open && open.Last + 1 == number)
            {
                pending = (open.First, number);
                continue;
            }

            if (pending is { } done)
            {
                yield return done;
            }

            pending = (number, number);
        }

        if (pending is { } rest)
        {
            yield return rest;
        }
    }
}
