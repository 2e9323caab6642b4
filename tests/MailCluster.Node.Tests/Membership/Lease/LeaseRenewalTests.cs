using MailCluster.Node.Membership.Lease;
using static MailCluster.Node.Tests.Membership.Lease.LeaseRun;

namespace MailCluster.Node.Tests.Membership.Lease;

public sealed class LeaseRenewalTests
{
    [Fact]
    public void Each_renewal_names_the_version_before_and_lasts_longer()
    {
        var run = Holding();
        var write = Assert.IsType<LeaseEffect.Write>(Assert.Single(run.TickAt(5)));
        Assert.Equal(("1", Self, 1), (write.Record.Version, write.Record.Holder, write.Record.Transitions));
        Assert.Empty(run.Written("2"));
        Assert.Equal(Start.AddSeconds(35), run.State.HeldUntil);
        Assert.Equal("2", Assert.IsType<LeaseEffect.Write>(Assert.Single(run.TickAt(10))).Record.Version);
    }

    [Fact]
    public void A_server_that_is_away_for_less_than_the_time_out_costs_nothing()
    {
        var run = Holding();
        for (var second = 5; second < 30; second += 5)
        {
            Assert.IsType<LeaseEffect.Write>(Assert.Single(run.TickAt(second)));
            Assert.Empty(run.Answer(Failed));
        }

        run.Now = Start.AddSeconds(29);
        run.TickAt(29);
        Assert.Empty(run.Written("2"));
        Assert.Equal(Start.AddSeconds(59), run.State.HeldUntil);
    }

    [Fact]
    public void A_server_that_is_away_for_the_time_out_loses_the_lease_exactly_once()
    {
        var run = Holding();
        var effects = new List<LeaseEffect>();
        for (var second = 5; second <= 60; second += 5)
        {
            effects.AddRange(run.TickAt(second));
            effects.AddRange(run.Answer(Failed));
        }

        Assert.Single(effects.OfType<LeaseEffect.Lost>());
        Assert.Equal(5, effects.OfType<LeaseEffect.Write>().Count());
        Assert.False(run.State.IsHeld);
    }

    [Fact]
    public void A_failure_that_comes_behind_the_time_out_loses_the_lease()
    {
        var run = Holding();
        run.TickAt(25);
        run.Now = Start.AddSeconds(30);
        Assert.Equal(new LeaseEffect.Lost("down"), Assert.Single(run.Answer(Failed)));
        Assert.Empty(run.TickAt(35));
    }

    [Fact]
    public void A_node_that_stood_still_past_the_time_out_has_lost_it_without_asking()
    {
        var run = Holding();
        Assert.IsType<LeaseEffect.Lost>(Assert.Single(run.TickAt(30)));
    }

    [Fact]
    public void A_slow_renewal_is_a_failure_and_the_next_one_finds_it_done()
    {
        var run = Holding();
        run.TickAt(5);
        run.Now = Start.AddSeconds(21);
        Assert.Empty(run.Written("2"));
        Assert.Equal(Start.AddSeconds(30), run.State.HeldUntil);
        run.TickAt(25);
        Assert.IsType<LeaseEffect.Read>(Assert.Single(run.Answer(new LeaseAnswer.Conflict())));
        Assert.IsType<LeaseEffect.Write>(Assert.Single(run.Answer(Found(Self, 5))));
        run.Written("3");
        Assert.Equal(Start.AddSeconds(55), run.State.HeldUntil);
    }

    public static TheoryData<string?> NotThisNode => [Other, null];

    [Theory]
    [MemberData(nameof(NotThisNode))]
    public void A_conflict_by_somebody_else_loses_it(string? holder)
    {
        var run = Holding();
        run.TickAt(5);
        run.Answer(new LeaseAnswer.Conflict());
        Assert.IsType<LeaseEffect.Lost>(Assert.Single(run.Answer(Found(holder, 4))));
    }

    [Fact]
    public void A_lease_that_was_deleted_is_lost()
    {
        var run = Holding();
        run.TickAt(5);
        run.Answer(new LeaseAnswer.Conflict());
        Assert.IsType<LeaseEffect.Lost>(Assert.Single(run.Answer(new LeaseAnswer.Missing())));
    }

    [Fact]
    public void A_lease_that_is_given_back_has_no_holder_and_is_not_lost()
    {
        var run = Holding();
        var write = Assert.IsType<LeaseEffect.Write>(Assert.Single(run.Release()));
        Assert.Equal((null, "1"), (write.Record.Holder, write.Record.Version));
        Assert.False(run.State.IsHeld);
        Assert.IsType<LeaseEffect.Released>(Assert.Single(run.Written("2")));
        Assert.Empty(run.TickAt(40));
    }

    [Fact]
    public void A_conflict_while_giving_back_looks_whose_it_is()
    {
        var run = Holding();
        run.Release();
        Assert.IsType<LeaseEffect.Read>(Assert.Single(run.Answer(new LeaseAnswer.Conflict())));
        Assert.IsType<LeaseEffect.Released>(Assert.Single(run.Answer(Found(Other))));
    }

    [Fact]
    public void What_another_holds_is_not_given_back()
    {
        var run = new LeaseRun();
        run.Release();
        Assert.IsType<LeaseEffect.Released>(Assert.Single(run.Answer(Found(Other))));
        Assert.Null(run.LastWrite);
    }

    [Fact]
    public void A_release_that_fails_says_so_and_nothing_is_renewed()
    {
        var run = Holding();
        run.Release();
        Assert.Equal(new LeaseEffect.ReleaseFailed("down"), Assert.Single(run.Answer(Failed)));
        Assert.Empty(run.TickAt(5));
    }
}
