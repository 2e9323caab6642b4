using MailCluster.Mail.Mailboxes;

namespace MailCluster.Mail.Tests.Mailboxes;

public sealed class EntryNameTests
{
    [Theory]
    [InlineData("/private/comment", "/private/comment", true)]
    [InlineData("/Shared/Comment", "/shared/comment", true)]
    [InlineData("/private/a b(c)", "/private/a b(c)", true)]
    [InlineData("/private", "/private", false)]
    [InlineData("/shared/vendor", "/shared/vendor", false)]
    [InlineData("/shared/vendor/x", "/shared/vendor/x", false)]
    [InlineData("/shared/vendor/x/y", "/shared/vendor/x/y", true)]
    [InlineData("/private/vendors/x", "/private/vendors/x", true)]
    public void Names_are_taken_without_regard_to_case(string text, string name, bool mayHaveValue)
    {
        Assert.True(EntryName.TryParse(text, out var parsed));
        Assert.Equal(name, parsed.Text);
        Assert.Equal(mayHaveValue, parsed.MayHaveValue);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("private/comment")]
    [InlineData("/public/comment")]
    [InlineData("/privatecomment")]
    [InlineData("/private/")]
    [InlineData("/private//comment")]
    [InlineData("/private/a*")]
    [InlineData("/private/a%")]
    [InlineData("/private/é")]
    [InlineData("/private/a\u0001b")]
    [InlineData("/private/a\u007fb")]
    [InlineData("/prıvate/comment")]
    public void What_cannot_be_a_name_is_none(string text) => Assert.False(EntryName.TryParse(text, out _));

    [Fact]
    public void A_name_has_a_longest_length()
    {
        var longest = "/private/" + new string('x', EntryName.MaxLength - 9);
        Assert.True(EntryName.TryParse(longest, out _));
        Assert.False(EntryName.TryParse(longest + "x", out _));
    }

    [Theory]
    [InlineData("/private/a", "/private/a", 0)]
    [InlineData("/private/a/b", "/private/a", 1)]
    [InlineData("/private/a/b/c", "/private/a", 2)]
    [InlineData("/private/ab", "/private/a", null)]
    [InlineData("/private/a", "/private/a/b", null)]
    [InlineData("/shared/a/b", "/private/a", null)]
    public void Depth_counts_components(string name, string above, int? depth) =>
        Assert.Equal(depth, EntryName.OfStored(name).DepthBelow(EntryName.OfStored(above)));
}
