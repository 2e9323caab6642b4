using System.Diagnostics.CodeAnalysis;

namespace MailCluster.Actors.Delivery;

/// <summary>The last answers of a Destination, the oldest forgotten first.</summary>
internal sealed class RecentAnswers(int capacity)
{
    private readonly Dictionary<AttemptKey, DeliveryAttempted> _answers = [];
    private readonly Queue<AttemptKey> _order = new();

    public bool TryGet(AttemptKey key, [MaybeNullWhen(false)] out DeliveryAttempted answer) =>
        _answers.TryGetValue(key, out answer);

    public void Add(AttemptKey key, DeliveryAttempted answer)
    {
        if (!_answers.TryAdd(key, answer))
        {
            _answers[key] = answer; // the next attempt of the same recipients
        }
        else
        {
            _order.Enqueue(key);
            if (_order.Count > capacity)
            {
                _answers.Remove(_order.Dequeue());
            }
        }
    }
}
