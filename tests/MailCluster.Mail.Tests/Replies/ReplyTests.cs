using MailCluster.Mail.Replies;

namespace MailCluster.Mail.Tests.Replies;

public sealed class ReplyTests
{
    [Theory]
    [InlineData(250, true, false, false, false)]
    [InlineData(354, false, true, false, false)]
    [InlineData(451, false, false, true, false)]
    [InlineData(550, false, false, false, true)]
    public void First_digit_tells_the_kind(int value, bool positive, bool intermediate, bool transient, bool permanent)
    {
        var code = new ReplyCode(value);
        Assert.Equal(
            (positive, intermediate, transient, permanent),
            (code.IsPositiveCompletion, code.IsPositiveIntermediate, code.IsTransient, code.IsPermanent));
    }

    [Fact]
    public void Replies_are_equal_by_their_lines()
    {
        var reply = new Reply(ReplyCode.Ok, EnhancedStatusCode.Ok, ["one", "two"]);
        Assert.Equal(reply, new Reply(ReplyCode.Ok, EnhancedStatusCode.Ok, ["one", "two"]));
        Assert.NotEqual(reply, new Reply(ReplyCode.Ok, EnhancedStatusCode.Ok, ["one", "three"]));
        Assert.Equal(reply.GetHashCode(), new Reply(ReplyCode.Ok, EnhancedStatusCode.Ok, ["one", "two"]).GetHashCode());
    }

    [Fact]
    public void Status_defaults_to_the_class_of_the_code() => Assert.Equal(
        new EnhancedStatusCode(4, 0, 0), new Reply(ReplyCode.LocalError, null, "x").StatusOrDefault);

    [Fact]
    public void Reply_reads_as_one_line_in_a_log()
    {
        Assert.Equal("250 2.0.0 one two", new Reply(ReplyCode.Ok, EnhancedStatusCode.Ok, ["one", "two"]).ToString());
        Assert.Equal("250 one", new Reply(ReplyCode.Ok, null, "one").ToString());
    }
}
