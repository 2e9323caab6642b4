using MailCluster.Node.Membership;

namespace MailCluster.Node.Tests.Membership;

public sealed class SecondClusterTests
{
    private readonly StoppedTime _time = new();

    [Fact]
    public void A_cluster_by_itself_never_gives_way()
    {
        var rule = new SecondCluster(_time);
        for (var i = 0; i < 100; i++)
        {
            Assert.False(rule.MustGiveWay("b", Set("a", "b", "c"), ["a", "c"]));
            _time.Pass(TimeSpan.FromSeconds(4));
        }
    }

    [Theory]
    [InlineData("c", "c", "a b", true)] // the smaller
    [InlineData("a", "a", "b c", true)]
    [InlineData("a", "a b", "c", false)] // the larger
    [InlineData("b", "b d", "a c", true)] // alike: without the lowest address
    [InlineData("a", "a c", "b d", false)]
    [InlineData("c", "a c", "b d", false)]
    public void Of_two_clusters_the_smaller_gives_way(string self, string ours, string theirs, bool givesWay)
    {
        var rule = new SecondCluster(_time);
        var mine = ours.Split(' ').ToHashSet();
        string[] confirmed = [.. mine.Where(node => node != self), .. theirs.Split(' ')];

        Assert.False(rule.MustGiveWay(self, mine, confirmed));
        _time.Pass(SecondCluster.Patience - TimeSpan.FromSeconds(1));
        Assert.False(rule.MustGiveWay(self, mine, confirmed));
        _time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(givesWay, rule.MustGiveWay(self, mine, confirmed));
    }

    [Fact]
    public void Nodes_that_die_one_after_the_other_are_no_cluster()
    {
        var rule = new SecondCluster(_time);
        for (var i = 0; i < 20; i++)
        {
            Assert.False(rule.MustGiveWay("a", Set("a"), [$"dead{i}", $"dead{i + 1}"]));
            _time.Pass(SecondCluster.Patience / 2);
        }
    }

    [Fact]
    public void One_that_gets_in_after_all_counts_no_longer()
    {
        var rule = new SecondCluster(_time);
        Assert.False(rule.MustGiveWay("b", Set("b"), ["a"]));
        _time.Pass(SecondCluster.Patience / 2);
        Assert.False(rule.MustGiveWay("b", Set("a", "b"), ["a"]));
        _time.Pass(SecondCluster.Patience / 2);
        Assert.False(rule.MustGiveWay("b", Set("b"), ["a"]));
    }

    private static HashSet<string> Set(params string[] nodes) => [.. nodes];

    private sealed class StoppedTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}
