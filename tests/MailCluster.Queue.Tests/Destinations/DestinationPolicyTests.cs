using CsCheck;

namespace MailCluster.Queue.Tests.Destinations;

public sealed class DestinationPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Connections_grow_by_one_with_each_round_of_successes_up_to_the_bound()
    {
        var limit = new ConcurrencyLimit(7);
        for (var i = 0; i < 5; i++)
        {
            limit.OnSuccess();
        }

        Assert.Equal(6, limit.Current);
        for (var i = 0; i < 100; i++)
        {
            limit.OnSuccess();
        }

        Assert.Equal(7, limit.Current);
    }

    [Fact]
    public void Connections_halve_with_each_failure_and_one_always_stays()
    {
        var limit = new ConcurrencyLimit(20);
        limit.OnFailure();
        Assert.Equal(2, limit.Current);
        limit.OnFailure();
        limit.OnFailure();
        Assert.Equal(1, limit.Current);
    }

    [Fact]
    public void A_rest_doubles_up_to_the_bound_and_a_success_forgets_it()
    {
        var backOff = new BackOff(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
        TimeSpan[] rests = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            backOff.OnFailure(Start);
            return backOff.Until - Start;
        })];

        Assert.Equal([1, 2, 4, 5, 5], rests.Select(rest => (int)rest.TotalMinutes));
        Assert.True(backOff.IsBackedOff(Start + TimeSpan.FromMinutes(4)));
        backOff.Reset();
        Assert.False(backOff.IsBackedOff(Start));
    }

    [Fact]
    public void In_no_minute_are_there_more_than_the_limit_allows() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[0, 3000].Array[1, 400]).Sample((perMinute, pauses) =>
        {
            var limit = new RateLimit(perMinute);
            var now = Start;
            var taken = new List<DateTimeOffset>();
            foreach (var pause in pauses)
            {
                now += TimeSpan.FromMilliseconds(pause);
                while (limit.TryTake(now))
                {
                    taken.Add(now);
                }
            }

            return taken.All(end => taken.Count(at => at > end - TimeSpan.FromMinutes(1) && at <= end) <= perMinute);
        });

    [Fact]
    public void What_the_limit_promises_for_later_it_gives_then()
    {
        var limit = new RateLimit(60);
        while (limit.TryTake(Start))
        {
        }

        var next = limit.NextAt(Start);
        Assert.InRange(next - Start, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
        Assert.True(limit.TryTake(next));
    }
}
