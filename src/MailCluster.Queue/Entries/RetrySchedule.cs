using System.Collections.Immutable;

namespace MailCluster.Queue;

/// <summary>
/// When a deferred recipient is tried again: a list of delays, the last of which repeats, each a little longer or
/// shorter at random, so that what failed together does not come back together. Pure.
/// </summary>
/// <param name="Delays">Before the second attempt, the third, and so on. RFC 5321 §4.5.4.1: at least 30 minutes.</param>
/// <param name="MaxAge">RFC 5321 §4.5.4.1: give up after 4 to 5 days at least.</param>
/// <param name="DelayNoticeAfter">Age at which the sender hears of the delay; null never.</param>
/// <param name="Jitter">Part of the delay by which it varies both ways, from 0 to 0.5.</param>
public sealed record RetrySchedule(
    ImmutableArray<TimeSpan> Delays, TimeSpan MaxAge, TimeSpan? DelayNoticeAfter, double Jitter)
{
    public static readonly RetrySchedule Default = new(
        [TimeSpan.FromMinutes(30)], TimeSpan.FromDays(5), TimeSpan.FromHours(4), 0.03);

    private const double MaxJitter = 0.5;

    /// <summary>Far above any sense, far below where times overflow.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>What is wrong with a schedule that an operator wrote, or null.</summary>
    public static string? Validate(RetrySchedule schedule) =>
        schedule.Delays.IsDefaultOrEmpty ? "at least one delay is needed"
        : schedule.Delays.Any(static delay => delay <= TimeSpan.Zero || delay > Longest) ? "delays are above 0 and up to 365 days"
        : schedule.MaxAge <= TimeSpan.Zero || schedule.MaxAge > Longest ? "the greatest age is above 0 and up to 365 days"
        : schedule.DelayNoticeAfter <= TimeSpan.Zero ? "a delay is told after some time, or never"
        : schedule.Jitter is >= 0 and <= MaxJitter ? null : "jitter is from 0 to 0.5";

    /// <summary>The next attempt of a recipient, never behind the entry's expiry: the last attempt comes just then.</summary>
    /// <param name="attempts">Attempts made, at least one.</param>
    /// <param name="now">When the last one ended.</param>
    /// <param name="expiresAt">The entry's expiry.</param>
    /// <param name="random">From 0 up to 1.</param>
    public DateTimeOffset Next(int attempts, DateTimeOffset now, DateTimeOffset expiresAt, double random)
    {
        var delay = Delays[Math.Clamp(attempts - 1, 0, Delays.Length - 1)];
        // As a double, which a delay beyond all time cannot overflow.
        var ticks = delay.Ticks * (1 + (Jitter * ((2 * random) - 1)));
        return ticks < (expiresAt - now).Ticks ? now + TimeSpan.FromTicks((long)ticks) : expiresAt;
    }
}
