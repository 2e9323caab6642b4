namespace MailCluster.Actors.Connections.Compression;

/// <summary>How many connections of a node may be compressed at a time. Safe for any number of threads.</summary>
public sealed class CompressionSlots(int max)
{
    private int _free = max;

    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _free);
        return false;
    }

    public void Return() => Interlocked.Increment(ref _free);
}
