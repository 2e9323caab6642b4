using System.Diagnostics.CodeAnalysis;

namespace MailCluster.Storage;

/// <summary>
/// Keeps what was added or asked for lately, in two generations: when the young one has taken half of the capacity, the
/// old one is dropped and the young one becomes old. Costs no list of uses, and a flood of things that nobody asks for
/// again cannot push out what is in use. A capacity of zero keeps nothing. Safe for any number of threads.
/// </summary>
internal sealed class RecentCache<TKey, TValue>(long capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();

    // Under the lock.
    private Dictionary<TKey, (TValue Value, long Weight)> _young = [];
    private Dictionary<TKey, (TValue Value, long Weight)> _old = [];
    private long _youngWeight;

    public void Add(TKey key, TValue value, long weight = 1)
    {
        weight = Math.Max(weight, 1);
        if (weight <= capacity / 2)
        {
            lock (_lock)
            {
                AddYoung(key, (value, weight));
            }
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (!_young.TryGetValue(key, out var found) && _old.Remove(key, out found))
            {
                AddYoung(key, found);
            }

            value = found.Value;
            return found.Weight > 0;
        }
    }

    public void Remove(TKey key)
    {
        lock (_lock)
        {
            _old.Remove(key);
            _young.Remove(key); // Its weight still counts: the next turn only comes sooner.
        }
    }

    private void AddYoung(TKey key, (TValue Value, long Weight) item)
    {
        if (_youngWeight + item.Weight > capacity / 2)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
            _youngWeight = 0;
        }

        _young[key] = item;
        _youngWeight += item.Weight;
    }
}
