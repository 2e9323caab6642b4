using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Sorting;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>Puts found messages in the order that SORT asks for.</summary>
internal sealed class SortRun(
    ImapSession session, SelectedFolder selected, ImmutableArray<SortCriterion> criteria, CommandProgress progress)
{
    private readonly KeyReader _reader = new(session, selected, progress);

    /// <summary>After <see cref="Sort"/>, unless the command has failed: UIDs.</summary>
    public uint[] Order { get; private set; } = [];

    /// <summary>After <see cref="Place"/>, unless the command has failed: the index.</summary>
    public int Found { get; private set; }

    public IEnumerable<SessionEffect> Sort(UidSet found)
    {
        var table = new SortTable(criteria, session.Options.MaxSortOctets);
        var fits = true;
        foreach (var effect in _reader.Read(found, table.NeedsStructure, (message, keys) => fits = table.TryAdd(message, keys)))
        {
            yield return effect;
        }

        if (!fits)
        {
            session.No("Too many messages to sort, search for fewer", "LIMIT"); // RFC 5530 §3
        }

        if (session.HasFailed)
        {
            yield break;
        }

        foreach (var _ in table.Sort(order => Order = order))
        {
            yield return SessionEffect.Flush.Instance; // others have their turn
            session.Got(out EffectAnswer.Done _);
        }
    }

    /// <summary>
    /// Looks for the place of one more message among sorted ones. Their keys are not kept: those of a few are read again.
    /// </summary>
    public IEnumerable<SessionEffect> Place(List<uint> sorted, Uid added)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var probe = middle;
            SortTable table;
            do
            {
                table = new SortTable(criteria, session.Options.MaxSortOctets);
                var pair = new[] { added, new Uid(sorted[probe]) };
                foreach (var effect in _reader.Read(UidSet.Of(pair.Order()), table.NeedsStructure, table.TryAdd))
                {
                    yield return effect;
                }

                if (session.HasFailed)
                {
                    yield break;
                }
            }
            while (!table.Holds(new Uid(sorted[probe])) && ++probe < high); // gone: it says nothing, so the next one is asked

            if (!table.Holds(added))
            {
                break; // gone as well: any place will do until the client hears of it
            }

            var isFirst = added.Value < (probe < high ? sorted[probe] : 0);
            var isBefore = probe == high || (isFirst ? table.Compare(0, 1) : table.Compare(1, 0)) < 0;
            (low, high) = isBefore ? (low, middle) : (probe + 1, high);
        }

        Found = low;
    }
}
