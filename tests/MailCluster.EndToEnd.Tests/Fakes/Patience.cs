using System.Diagnostics;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>Waits for what is only seen from outside: looks again until it is so, and says what was missing.</summary>
internal static class Patience
{
    /// <summary>Far above what any step takes, on a machine that does other things, too.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(40);

    public static async Task<T> WaitForAsync<T>(string what, Func<Task<T>> look, Func<T, bool> isThere)
    {
        var since = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            var seen = await look();
            if (isThere(seen))
            {
                return seen;
            }

            if (since.Elapsed > Limit)
            {
                throw new TimeoutException($"Waited in vain for {what}; last seen: {seen}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    public static async Task<T> OrSay<T>(this Task<T> task, Func<string> what)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited in vain for {what()}");
        }
    }
}
