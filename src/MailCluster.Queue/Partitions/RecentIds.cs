using System.Collections.Immutable;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>The last ids that were added, the oldest forgotten first.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly HashSet<QueueId> _known = [];
    private readonly Queue<QueueId> _order = new();

    public bool Contains(QueueId id) => _known.Contains(id);

    public void Add(QueueId id)
    {
        if (_known.Add(id))
        {
            _order.Enqueue(id);
            if (_order.Count > capacity)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    public ImmutableArray<QueueId> ToImmutableArray() => [.. _order];
}
