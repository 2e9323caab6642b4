using CsCheck;
using MailCluster.Mail.Replies;

namespace MailCluster.Mail.Tests.Replies;

public sealed class EnhancedStatusCodeTests
{
    [Theory]
    [InlineData("5.1.1 no such user", 5, 1, 1, "no such user")]
    [InlineData("2.0.0", 2, 0, 0, "")]
    [InlineData("4.999.999 x", 4, 999, 999, "x")]
    [InlineData("5.7.1  two blanks", 5, 7, 1, " two blanks")]
    public void Code_is_read_and_the_text_is_left(string text, int codeClass, int subject, int detail, string rest)
    {
        Assert.True(EnhancedStatusCode.TryRead(text, out var code, out var left));
        Assert.Equal(new EnhancedStatusCode(codeClass, subject, detail), code);
        Assert.Equal(rest, left.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("5.1 text")]
    [InlineData("5.1.1.1 text")]
    [InlineData("3.1.1 text")]
    [InlineData("5.1.1000 text")]
    [InlineData("5..1 text")]
    [InlineData("5.-1.1 text")]
    [InlineData("5.1.1: text")]
    [InlineData(" 5.1.1 text")]
    [InlineData("10.1.1.5 is our address")]
    public void What_is_no_code_stays_text(string text)
    {
        Assert.False(EnhancedStatusCode.TryRead(text, out _, out var rest));
        Assert.Equal(text, rest.ToString());
    }

    [Fact]
    public void Code_is_read_back_as_written() =>
        Gen.Select(Gen.OneOf(2, 4, 5), Gen.Int[0, 999], Gen.Int[0, 999]).Sample((codeClass, subject, detail) =>
        {
            var code = new EnhancedStatusCode(codeClass, subject, detail);
            Assert.True(EnhancedStatusCode.TryRead(code.ToString(), out var again, out _));
            Assert.Equal(code, again);
        });

    [Fact]
    public void Same_detail_in_another_class_is_transient() =>
        Assert.True(EnhancedStatusCode.NoSuchMailbox.As(4) is { IsTransient: true, IsPermanent: false, Detail: 1 });
}
