using CsCheck;
using MailCluster.Mail.Dsn;

namespace MailCluster.Mail.Tests.Dsn;

public sealed class XtextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("QQ314159", "QQ314159")]
    [InlineData("a+2Bb+3Dc", "a+b=c")]
    [InlineData("Dana+20X", "Dana X")]
    [InlineData("+C3+A9", "\u00E9")]
    public void Xtext_is_decoded_and_encoded(string xtext, string text)
    {
        Assert.True(Xtext.IsValid(xtext));
        Assert.True(Xtext.TryDecode(xtext, out var decoded));
        Assert.Equal(text, decoded);
        Assert.Equal(xtext, Xtext.Encode(text));
    }

    [Theory]
    [InlineData("a=b")]
    [InlineData("a b")]
    [InlineData("a+")]
    [InlineData("a+2")]
    [InlineData("a+2G")]
    [InlineData("a+ 2")]
    [InlineData("a\r\nb")]
    [InlineData("\u00E9")]
    public void What_is_no_xtext_is_refused(string text)
    {
        Assert.False(Xtext.IsValid(text));
        Assert.False(Xtext.TryDecode(text, out _));
    }

    [Fact]
    public void Octets_beyond_utf8_are_valid_and_not_decoded()
    {
        Assert.True(Xtext.IsValid("+FF"));
        Assert.False(Xtext.TryDecode("+FF", out _));
    }

    [Fact]
    public void Small_hexadecimal_digits_are_taken() => Assert.True(Xtext.TryDecode("+2b", out var text) && text == "+");

    [Fact]
    public void Every_text_is_read_back() =>
        Gen.Char['\0', '\uD7FF'].Array.Select(c => new string(c)).Sample(text =>
        {
            var xtext = Xtext.Encode(text);
            Assert.True(Xtext.IsValid(xtext));
            Assert.True(Xtext.TryDecode(xtext, out var again));
            Assert.Equal(text, again);
        });
}
