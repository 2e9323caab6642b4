namespace MailCluster.Queue;

/// <summary>
/// How long a next hop that failed is left alone: first a little, then twice as long each time, up to a bound. Used by
/// one caller at a time.
/// </summary>
public sealed class BackOff(TimeSpan min, TimeSpan max)
{
    private readonly TimeSpan _min = min;
    private TimeSpan _next = min;

    /// <summary>End of the rest; in the past where there is none.</summary>
    public DateTimeOffset Until { get; private set; }

    public bool IsBackedOff(DateTimeOffset now) => now < Until;

    public void OnFailure(DateTimeOffset now)
    {
        Until = now + _next;
        _next = _next > max / 2 ? max : _next * 2;
    }

    public void Reset()
    {
        Until = DateTimeOffset.MinValue;
        _next = _min;
    }
}
