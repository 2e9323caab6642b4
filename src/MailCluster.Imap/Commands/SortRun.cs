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
}
