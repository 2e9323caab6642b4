namespace MailCluster.Storage.Tests;

public sealed class RecentCacheTests
{
    [Fact]
    public void What_is_asked_for_stays_while_a_flood_passes()
    {
        var cache = new RecentCache<int, string>(100);
        cache.Add(-1, "asked for");
        for (var i = 0; i < 10_000; i++)
        {
            cache.Add(i, "never asked for");
            Assert.True(i % 20 != 0 || cache.TryGet(-1, out _));
        }

        Assert.False(cache.TryGet(5, out _));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 1)]
    [InlineData(100, 7)]
    [InlineData(1000, 400)]
    [InlineData(1000, 600)]
    public void No_more_is_kept_than_the_capacity(long capacity, long weight)
    {
        var cache = new RecentCache<int, string>(capacity);
        for (var i = 0; i < 1000; i++)
        {
            cache.Add(i, "x", weight);
        }

        var kept = 0;
        for (var i = 0; i < 1000; i++)
        {
            kept += cache.TryGet(i, out _) ? 1 : 0;
        }

        Assert.InRange(kept * weight, 0, capacity);
    }

    [Fact]
    public void What_is_removed_is_gone_from_both_generations()
    {
        var cache = new RecentCache<int, string>(4);
        for (var i = 0; i < 4; i++)
        {
            cache.Add(i, "x");
        }

        Assert.True(cache.TryGet(0, out _));
        for (var i = 0; i < 4; i++)
        {
            cache.Remove(i);
            Assert.False(cache.TryGet(i, out _));
        }
    }

    [Fact]
    public void An_answer_of_null_is_an_answer()
    {
        var cache = new RecentCache<string, string?>(10);
        cache.Add("nobody", null);
        Assert.True(cache.TryGet("nobody", out var answer));
        Assert.Null(answer);
    }
}
