using System.Collections.Concurrent;

namespace MailCluster.Faults.Load;

/// <summary>
/// Every message that was answered with 250, and what became of it: arrived, how often, or told to its sender in a
/// bounce. Safe for any number of threads.
/// </summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, byte> _accepted = new();
    private readonly ConcurrentDictionary<string, int> _arrived = new();
    private readonly ConcurrentDictionary<string, byte> _bounced = new();
    private readonly ConcurrentDictionary<string, int> _refusals = new();
    private long _longestWaitTicks;
    private long _longestWaitBefore;
    private int _brokenOff;

    public int Accepted => _accepted.Count;

    /// <summary>From a sender's first attempt of a message to its 250, over all retries: the worst since the last reset.</summary>
    public TimeSpan LongestWait => TimeSpan.FromTicks(Interlocked.Read(ref _longestWaitTicks));

    /// <summary>The worst of the whole scenario.</summary>
    public TimeSpan LongestWaitOfAll => TimeSpan.FromTicks(Math.Max(_longestWaitBefore, LongestWait.Ticks));

    /// <summary>What senders heard instead of a 250, by its code and status.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    /// <summary>Accepted and nowhere to be found.</summary>
    public string[] Lost() => [.. _accepted.Keys.Where(id => !_arrived.ContainsKey(id) && !_bounced.ContainsKey(id))];

    /// <summary>Arrivals beyond the first of each message.</summary>
    public int Duplicates() => _arrived.Values.Sum(times => times - 1);

    public int Bounced => _bounced.Count;

    public void Accept(string id, TimeSpan waited)
    {
        _accepted.TryAdd(id, 0);
        for (var longest = Interlocked.Read(ref _longestWaitTicks); waited.Ticks > longest;)
        {
            longest = Interlocked.CompareExchange(ref _longestWaitTicks, waited.Ticks, longest) is var seen && seen == longest
                ? waited.Ticks
                : seen;
        }
    }

    public void Refuse(string reply) => _refusals.AddOrUpdate(reply, 1, static (_, times) => times + 1);

    /// <summary>Connections that ended within a mail transaction, without a reply.</summary>
    public int BrokenOff => _brokenOff;

    public void BreakOff() => Interlocked.Increment(ref _brokenOff);

    public void Arrive(string id) => _arrived.AddOrUpdate(id, 1, static (_, times) => times + 1);

    public void Bounce(string id) => _bounced.TryAdd(id, 0);

    /// <summary>For the next round. To be called by the scenario alone.</summary>
    public void ResetLongestWait() =>
        _longestWaitBefore = Math.Max(_longestWaitBefore, Interlocked.Exchange(ref _longestWaitTicks, 0));
}

/// <summary>
/// The id that our server gave a message of a sender which gives none: in its reply, and in the trace header.
/// </summary>
internal static class QueueIdText
{
    private const string InReply = "Ok: queued as ";
    private const string InTraceHeader = "\tid ";

    public static string? FindInReply(string line) =>
        line.IndexOf(InReply, StringComparison.Ordinal) is var at and >= 0 ? line[(at + InReply.Length)..].Trim() : null;

    public static string? FindInHeader(string line) =>
        line.StartsWith(InTraceHeader, StringComparison.Ordinal) ? line[InTraceHeader.Length..].Split(' ', ';')[0] : null;
}

/// <summary>The id that a ledger message has in its subject.</summary>
internal static class SubjectId
{
    private const string Prefix = "Subject: ledger ";

    public static string Header(string id) => Prefix + id;

    public static string? Find(string line) =>
        line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..] : null;
}
