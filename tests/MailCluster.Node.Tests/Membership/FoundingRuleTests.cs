using MailCluster.Node.Membership;
using MailCluster.Storage.Membership;

namespace MailCluster.Node.Tests.Membership;

public sealed class FoundingRuleTests
{
    private readonly FoundingRule _rule = new();

    [Fact]
    public void Who_can_ask_nobody_founds_at_once() => Assert.True(_rule.MayFound(Known([], []), asked: 0));

    [Fact]
    public void Contact_points_are_asked_once_first()
    {
        Assert.False(_rule.MayFound(Known([], []), asked: 2));
        Assert.True(_rule.MayFound(Known([], []), asked: 2));
    }

    [Fact]
    public void Nobody_founds_beside_a_member()
    {
        for (var round = 0; round < 100; round++)
        {
            Assert.False(_rule.MayFound(Known(["a"], []), asked: 1));
        }

        Assert.False(_rule.MayFound(Known([], ["a"]), asked: 1));
    }

    [Fact]
    public void Who_fell_silent_has_the_time_to_confirm_itself()
    {
        for (var round = 0; round < 4; round++)
        {
            Assert.False(_rule.MayFound(Known([], ["a"]), asked: 1));
        }

        Assert.True(_rule.MayFound(Known([], ["a"]), asked: 1));
    }

    [Fact]
    public void That_time_begins_anew_when_the_database_was_away()
    {
        for (var round = 0; round < 4; round++)
        {
            Assert.False(_rule.MayFound(Known([], ["a"]), asked: 1));
        }

        _rule.RegisterFailed();
        Assert.False(_rule.MayFound(Known([], ["a"]), asked: 1));
    }

    private static KnownNodes Known(string[] members, string[] former) => new([.. members], [.. former]);
}
