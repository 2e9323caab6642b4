using System.Diagnostics;

namespace MailCluster.Faults.Cluster;

/// <summary>Waits for the thing itself.</summary>
internal static class Wait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <exception cref="FaultException">It did not come in time.</exception>
    public static async Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> condition, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > patience)
            {
                throw new FaultException($"not within {patience.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(Interval);
        }

        return clock.Elapsed;
    }
}

/// <summary>Something that must hold did not.</summary>
internal sealed class FaultException(string message) : Exception(message);
