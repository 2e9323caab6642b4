using System.Collections.Concurrent;

namespace MailCluster.Ledger;

/// <summary>Every message that was answered with 250, and how often each arrived. Safe for any number of threads.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, byte> _accepted = new();
    private readonly ConcurrentDictionary<string, int> _arrived = new();

    public int Accepted => _accepted.Count;

    public void Accept(string id) => _accepted.TryAdd(id, 0);

    public void Arrive(string id) => _arrived.AddOrUpdate(id, 1, static (_, times) => times + 1);

    /// <summary>Accepted and nowhere to be found.</summary>
    public string[] Lost() => [.. _accepted.Keys.Where(id => !_arrived.ContainsKey(id))];

    /// <summary>Arrivals beyond the first of each message.</summary>
    public int Duplicates() => _arrived.Values.Sum(times => times - 1);

    /// <summary>Arrived, though the sender never heard the 250: it would have sent them again.</summary>
    public int Unacknowledged() => _arrived.Keys.Count(id => !_accepted.ContainsKey(id));
}
