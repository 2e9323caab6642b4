using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Tests.Syntax;

public sealed class RightsTextTests
{
    /// <summary>RFC 4314 §2.1.1: "c" and "d" stand for several rights, and are told where any of them is there.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("lrswipkxtea", "lrswipkxteacd")]
    [InlineData("aetxkpiwsrl", "lrswipkxteacd")]
    [InlineData("lrl", "lr")]
    [InlineData("c", "kxc")]
    [InlineData("d", "ted")]
    [InlineData("cd", "kxtecd")]
    [InlineData("k", "kc")]
    [InlineData("x", "xc")]
    [InlineData("t", "td")]
    [InlineData("e", "ed")]
    [InlineData("dt", "ted")]
    public void Rights_are_read_and_told(string text, string told)
    {
        Assert.True(RightsText.TryParse(text, out var rights, out _));
        Assert.Equal(told, RightsText.Of(rights));
    }

    [Theory]
    [InlineData("lrq", "There is no right q")]
    [InlineData("L", "Rights are lower-case letters")]
    [InlineData("7", "There is no right 7")]
    [InlineData("l r", "There is no right  ")]
    [InlineData("l+r", "There is no right +")]
    [InlineData("é", "There is no right é")]
    public void What_is_no_right_is_named(string text, string expected)
    {
        Assert.False(RightsText.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }
}
