using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>
/// When each entry wants to be looked at next. A time that was changed leaves its old place in the heap behind; it is
/// passed over when it comes up.
/// </summary>
internal sealed class Agenda
{
    /// <summary>Old places in the heap, in relation to true ones, before it is built anew.</summary>
    private const int MaxStaleFactor = 4;

    private const int MinRebuildSize = 1024;

    private readonly Dictionary<QueueId, DateTimeOffset> _times = [];
    private readonly PriorityQueue<QueueId, DateTimeOffset> _heap = new();

    /// <summary>Places in the heap, stale ones among them: what the memory is bounded by.</summary>
    public int Places => _heap.Count;

    public DateTimeOffset? Earliest
    {
        get
        {
            DropStale();
            return _heap.TryPeek(out _, out var at) ? at : null;
        }
    }

    public void Set(QueueId id, DateTimeOffset? at)
    {
        if (at is not { } time)
        {
            _times.Remove(id);
        }
        else if (!_times.TryGetValue(id, out var known) || known != time)
        {
            _times[id] = time;
            _heap.Enqueue(id, time);
            Rebuild();
        }
    }

    public bool TryTake(DateTimeOffset now, out QueueId id)
    {
        DropStale();
        if (!_heap.TryPeek(out id, out var at) || at > now)
        {
            return false;
        }

        _heap.Dequeue();
        _times.Remove(id);
        return true;
    }

    private void DropStale()
    {
        while (_heap.TryPeek(out var id, out var at) && !(_times.TryGetValue(id, out var known) && known == at))
        {
            _heap.Dequeue();
        }
    }

    private void Rebuild()
    {
        if (_heap.Count > MinRebuildSize && _heap.Count > _times.Count * MaxStaleFactor)
        {
            _heap.Clear();
            foreach (var (id, at) in _times)
            {
                _heap.Enqueue(id, at);
            }
        }
    }
}
