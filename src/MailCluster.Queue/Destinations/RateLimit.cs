namespace MailCluster.Queue;

/// <summary>
/// So many a minute, never more in any minute: a bucket that holds the tenth part of it and fills evenly. Exact, since
/// a next hop has one owner in the cluster. Used by one caller at a time.
/// </summary>
public sealed class RateLimit
{
    private const int BurstPart = 10;

    private readonly double _perSecond;
    private readonly double _capacity;
    private double _tokens;
    private DateTimeOffset _filledAt = DateTimeOffset.MinValue;

    public RateLimit(int perMinute)
    {
        // What the bucket holds at the start of a minute and what flows in during it must not exceed the limit.
        _capacity = Math.Max(1, perMinute / BurstPart);
        _perSecond = Math.Max(perMinute - _capacity, 1) / 60;
        _tokens = _capacity;
    }

    public bool TryTake(DateTimeOffset now)
    {
        Fill(now);
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    /// <summary>When the next one may be taken.</summary>
    public DateTimeOffset NextAt(DateTimeOffset now)
    {
        Fill(now);
        return _tokens >= 1 ? now : now + TimeSpan.FromSeconds((1 - _tokens) / _perSecond) + TimeSpan.FromMilliseconds(1);
    }

    private void Fill(DateTimeOffset now)
    {
        if (_filledAt != DateTimeOffset.MinValue && now > _filledAt)
        {
            _tokens = Math.Min(_capacity, _tokens + ((now - _filledAt).TotalSeconds * _perSecond));
        }

        _filledAt = now;
    }
}
