namespace MailCluster.Queue;

/// <summary>
/// How many connections a next hop gets: a few at first, one more after so many successes, half after a failure. It
/// finds what the other side can take without being told. Used by one caller at a time.
/// </summary>
public sealed class ConcurrencyLimit(int max)
{
    private const int Start = 5;

    /// <summary>Successes that earn one more connection: a round of all there are.</summary>
    private int _successes;

    public int Current { get; private set; } = Math.Min(Start, max);

    public void OnSuccess()
    {
        if (Current < max && ++_successes >= Current)
        {
            _successes = 0;
            Current++;
        }
    }

    public void OnFailure()
    {
        _successes = 0;
        Current = Math.Max(1, Current / 2);
    }
}
