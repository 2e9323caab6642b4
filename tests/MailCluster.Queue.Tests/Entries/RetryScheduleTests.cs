using CsCheck;

namespace MailCluster.Queue.Tests.Entries;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void By_default_every_attempt_comes_half_an_hour_after_the_last_give_or_take_three_per_cent() =>
        Gen.Select(Gen.Int[1, 200], Gen.Double[0, 1]).Sample((attempts, random) =>
        {
            var next = RetrySchedule.Default.Next(attempts, Now, Now + TimeSpan.FromDays(5), random);
            return next - Now >= TimeSpan.FromMinutes(29.1) && next - Now <= TimeSpan.FromMinutes(30.9);
        });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 30)]
    [InlineData(100, 30)]
    public void The_last_delay_of_the_list_repeats(int attempts, int minutes)
    {
        var schedule = RetrySchedule.Default with
        {
            Delays = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)],
            Jitter = 0,
        };

        Assert.Equal(Now + TimeSpan.FromMinutes(minutes), schedule.Next(attempts, Now, DateTimeOffset.MaxValue, 0.5));
    }

    [Fact]
    public void The_last_attempt_comes_at_the_expiry_itself()
    {
        var expiresAt = Now + TimeSpan.FromMinutes(7);

        Assert.Equal(expiresAt, RetrySchedule.Default.Next(3, Now, expiresAt, 0.5));
    }

    [Fact]
    public void A_delay_beyond_all_time_is_bounded_by_the_expiry()
    {
        var schedule = RetrySchedule.Default with { Delays = [TimeSpan.FromDays(3_000_000)] };

        Assert.Equal(DateTimeOffset.MaxValue, schedule.Next(1, Now, DateTimeOffset.MaxValue, 1));
        schedule = schedule with { Delays = [TimeSpan.MaxValue] };
        Assert.Equal(DateTimeOffset.MaxValue, schedule.Next(1, Now, DateTimeOffset.MaxValue, 1));
    }

    [Theory]
    [InlineData(30, 5, 240, 0.03, null)]
    [InlineData(30, 5, null, 0, null)]
    [InlineData(30, 5, 240, 0.5, null)]
    [InlineData(null, 5, 240, 0.03, "at least one delay is needed")]
    [InlineData(0, 5, 240, 0.03, "delays are above 0 and up to 365 days")]
    [InlineData(600_000, 5, 240, 0.03, "delays are above 0 and up to 365 days")]
    [InlineData(30, 0, 240, 0.03, "the greatest age is above 0 and up to 365 days")]
    [InlineData(30, 366, 240, 0.03, "the greatest age is above 0 and up to 365 days")]
    [InlineData(30, 5, 0, 0.03, "a delay is told after some time, or never")]
    [InlineData(30, 5, 240, -0.01, "jitter is from 0 to 0.5")]
    [InlineData(30, 5, 240, 0.51, "jitter is from 0 to 0.5")]
    [InlineData(30, 5, 240, double.NaN, "jitter is from 0 to 0.5")]
    public void A_schedule_that_makes_no_sense_is_named(
        int? delayMinutes, int maxAgeDays, int? noticeMinutes, double jitter, string? complaint)
    {
        var schedule = new RetrySchedule(
            delayMinutes is { } delay ? [TimeSpan.FromMinutes(delay)] : [],
            TimeSpan.FromDays(maxAgeDays),
            noticeMinutes is { } notice ? TimeSpan.FromMinutes(notice) : null,
            jitter);

        Assert.Equal(complaint, RetrySchedule.Validate(schedule));
    }
}
