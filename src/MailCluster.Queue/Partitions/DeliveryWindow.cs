using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>
/// What a partition has in hand, and what waits since its next hop has enough from us: so many attempts per next hop at
/// a time, the rest in order. Attempts have a number of their own, so that a late answer to an earlier one is known as
/// such. In memory only. Used by one caller.
/// </summary>
public sealed class DeliveryWindow(int perDestination)
{
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly Dictionary<long, Attempt> _inHand = [];
    private readonly Queue<Lane> _startable = new();
    private long _lastAttempt;

    public int InHand => _inHand.Count;

    /// <summary>Puts work in line; what may start now comes from <see cref="TryStart(DateTimeOffset, out Attempt)"/>.</summary>
    public void Add(DueWork work)
    {
        var key = KeyOf(work);
        if (!_lanes.TryGetValue(key, out var lane))
        {
            _lanes.Add(key, lane = new Lane(key));
        }

        lane.Waiting.Enqueue(work);
        MakeStartable(lane);
    }

    /// <summary>The next attempt that its next hop's window allows; false where all must wait.</summary>
    public bool TryStart(DateTimeOffset now, out Attempt attempt)
    {
        while (_startable.TryPeek(out var lane))
        {
            if (lane.InHand < perDestination && lane.Waiting.TryDequeue(out var work))
            {
                attempt = Begin(lane, work, now);
                return true;
            }

            _startable.Dequeue();
            lane.IsStartable = false;
            DropEmpty(lane);
        }

        attempt = default;
        return false;
    }

    /// <summary>The same, but what the state no longer wants, since it is held or given up, goes back to it unsent.</summary>
    public bool TryStart(QueuePartitionState state, DateTimeOffset now, out Attempt attempt)
    {
        while (TryStart(now, out attempt))
        {
            if (state.IsWanted(attempt.Work))
            {
                return true;
            }

            TryFinish(attempt.Work.Entry.Id, attempt.Number, out _);
            state.GiveBack(attempt.Work, now);
        }

        return false;
    }

    /// <summary>The attempt was answered. False where it is not in hand, such as when it was answered twice.</summary>
    public bool TryFinish(QueueId id, long number, out DueWork? work)
    {
        work = null;
        if (!_inHand.TryGetValue(number, out var attempt) || attempt.Work.Entry.Id != id)
        {
            return false;
        }

        work = attempt.Work;
        _inHand.Remove(number);
        var lane = _lanes[KeyOf(work)];
        lane.InHand--;
        if (lane.Waiting.Count > 0)
        {
            MakeStartable(lane);
        }

        DropEmpty(lane);
        return true;
    }

    /// <summary>Attempts sent before <paramref name="before"/> and not answered; they count as sent again now.</summary>
    public IReadOnlyList<Attempt> TakeOverdue(DateTimeOffset before, DateTimeOffset now)
    {
        var overdue = _inHand.Values.Where(attempt => attempt.SentAt <= before).ToArray();
        foreach (var attempt in overdue)
        {
            _inHand[attempt.Number] = attempt with { SentAt = now };
        }

        return overdue;
    }

    private Attempt Begin(Lane lane, DueWork work, DateTimeOffset now)
    {
        // Never a number that this partition used before a restart: a Destination that remembers its answer to that one
        // would take this for a repeat. Time goes on over a restart, a count would begin anew.
        _lastAttempt = Math.Max(_lastAttempt + 1, now.UtcTicks);
        var attempt = new Attempt(_lastAttempt, work, now);
        lane.InHand++;
        _inHand.Add(attempt.Number, attempt);
        return attempt;
    }

    private void MakeStartable(Lane lane)
    {
        if (!lane.IsStartable)
        {
            lane.IsStartable = true;
            _startable.Enqueue(lane);
        }
    }

    private void DropEmpty(Lane lane)
    {
        if (lane is { InHand: 0, Waiting.Count: 0, IsStartable: false })
        {
            _lanes.Remove(lane.Key);
        }
    }

    private static string KeyOf(DueWork work) => work switch
    {
        DueWork.Relay relay => relay.NextHop.Key,
        DueWork.Store store => $"account {store.Mailbox.Account}",
        _ => throw new ArgumentOutOfRangeException(nameof(work)),
    };

    private sealed class Lane(string key)
    {
        public string Key { get; } = key;

        public Queue<DueWork> Waiting { get; } = new();

        public int InHand { get; set; }

        /// <summary>It stands in line of those that may have something to start.</summary>
        public bool IsStartable { get; set; }
    }
}

/// <summary>One attempt on its way: its number, what it is about, when it was last sent.</summary>
public readonly record struct Attempt(long Number, DueWork Work, DateTimeOffset SentAt);
