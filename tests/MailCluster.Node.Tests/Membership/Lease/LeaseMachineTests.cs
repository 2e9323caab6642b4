using MailCluster.Node.Membership.Lease;
using static MailCluster.Node.Tests.Membership.Lease.LeaseRun;

namespace MailCluster.Node.Tests.Membership.Lease;

public sealed class LeaseMachineTests
{
    [Fact]
    public void A_lease_that_is_not_there_is_made_and_taken()
    {
        var run = new LeaseRun();
        Assert.IsType<LeaseEffect.Read>(Assert.Single(run.Acquire()));
        var write = Assert.IsType<LeaseEffect.Write>(Assert.Single(run.Answer(new LeaseAnswer.Missing())));
        Assert.Equal(new LeaseRecord(Self, Start, TimeSpan.FromSeconds(30), 1, null), write.Record);
        Assert.IsType<LeaseEffect.Taken>(Assert.Single(run.Written("1")));
        Assert.Equal(Start.AddSeconds(30), run.State.HeldUntil);
    }

    [Theory]
    [InlineData(null, 0, true)]
    [InlineData("", 0, true)]
    [InlineData(Self, 0, true)]
    [InlineData(Other, 0, false)]
    [InlineData(Other, 30, false)] // expired, within the skew of clocks
    [InlineData(Other, 34.9, false)]
    [InlineData(Other, 35, true)]
    public void Who_holds_it_and_for_how_long_decides(string? holder, double now, bool taken)
    {
        var run = new LeaseRun { Now = Start.AddSeconds(now) };
        run.Acquire();
        var effect = Assert.Single(run.Answer(Found(holder)));
        if (taken)
        {
            var record = Assert.IsType<LeaseEffect.Write>(effect).Record;
            Assert.Equal((Self, "7", run.Now), (record.Holder, record.Version, record.RenewedAt));
            Assert.Equal(holder == Self ? 3 : 4, record.Transitions);
        }
        else
        {
            Assert.Equal(new LeaseEffect.HeldByOther(Other), effect);
            Assert.False(run.State.IsHeld);
        }
    }

    [Fact]
    public void A_conflict_while_taking_is_read_again_and_the_other_keeps_it()
    {
        var run = new LeaseRun();
        run.Acquire();
        run.Answer(Found(null));
        Assert.IsType<LeaseEffect.Read>(Assert.Single(run.Answer(new LeaseAnswer.Conflict())));
        Assert.Equal(new LeaseEffect.HeldByOther(Other), Assert.Single(run.Answer(Found(Other))));
    }

    [Fact]
    public void Conflicts_without_end_are_a_failure()
    {
        var run = new LeaseRun();
        var effect = Assert.Single(run.Acquire());
        for (var round = 0; round < 20 && effect is LeaseEffect.Read; round++)
        {
            run.Answer(Found(null));
            effect = Assert.Single(run.Answer(new LeaseAnswer.Conflict()));
        }

        Assert.IsType<LeaseEffect.AcquireFailed>(effect);
    }

    [Fact]
    public void A_server_that_fails_fails_the_acquisition_and_another_may_succeed()
    {
        var run = new LeaseRun();
        run.Acquire();
        Assert.Equal(new LeaseEffect.AcquireFailed("down"), Assert.Single(run.Answer(Failed)));
        run.Acquire();
        run.Answer(Found(null));
        Assert.IsType<LeaseEffect.Taken>(Assert.Single(run.Written("8")));
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(15.1, false)]
    public void A_write_slower_than_half_the_time_out_is_a_failure(double seconds, bool taken)
    {
        var run = new LeaseRun();
        run.Acquire();
        run.Answer(new LeaseAnswer.Missing());
        run.Now = Start.AddSeconds(seconds);
        var effect = Assert.Single(run.Written("1"));
        Assert.Equal(taken, effect is LeaseEffect.Taken);
        Assert.Equal(!taken, effect is LeaseEffect.AcquireFailed);
    }

    [Fact]
    public void Who_asks_while_it_is_being_taken_waits_for_the_same_answer()
    {
        var run = new LeaseRun();
        run.Acquire();
        Assert.Empty(run.Acquire());
        Assert.Equal(new LeaseEffect.HeldByOther(Other), Assert.Single(run.Answer(Found(Other))));
    }

    [Fact]
    public void Who_holds_it_need_not_ask()
    {
        var run = Holding();
        Assert.IsType<LeaseEffect.Taken>(Assert.Single(run.Acquire()));
    }

    [Fact]
    public void An_answer_to_an_operation_that_was_given_up_says_nothing()
    {
        var run = new LeaseRun();
        run.Acquire();
        var given = run.State.Operation;
        run.Release();
        Assert.Empty(run.Send(new LeaseInput.Answered(given, Found(null))));
    }
}
