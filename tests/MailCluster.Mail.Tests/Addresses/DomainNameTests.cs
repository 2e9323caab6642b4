using CsCheck;
using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Tests.Addresses;

public sealed class DomainNameTests
{
    private static readonly Gen<string> DomainLikeText =
        Gen.Char["abzXYZ019-_.:[]IPv6% \0\u00FC\u00DF\u3002\u200D\uD800\u212A\u0130"].Array[0, 30].Select(c => new string(c));

    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("EXAMPLE.Org", "example.org")]
    [InlineData("a", "a")]
    [InlineData("1and1.example", "1and1.example")]
    [InlineData("a-b.c--d.example", "a-b.c--d.example")]
    [InlineData("_dmarc.example", "_dmarc.example")]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("[IPv6:2001:DB8::1]", "[ipv6:2001:db8::1]")]
    [InlineData("[ipv6:::ffff:192.0.2.1]", "[ipv6:::ffff:192.0.2.1]")]
    public void Valid_domain_is_kept_in_lower_case(string text, string expected)
    {
        Assert.True(DomainName.TryParse(text, allowUtf8: false, out var domain));
        Assert.Equal(expected, domain.Text);
        Assert.Equal(text.StartsWith('['), domain.IsLiteral);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("-a.b")]
    [InlineData("a-.b")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    [InlineData("a@b")]
    [InlineData("b\u00FCcher.example")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[1.2.3]")]
    [InlineData("[1.2.3.4.5]")]
    [InlineData("[1.2.3.256]")]
    [InlineData("[1.2..4]")]
    [InlineData("[0x7f.0.0.1]")]
    [InlineData("[010.0.0.1]")]
    [InlineData("[192.0.2.1")]
    [InlineData("192.0.2.1]")]
    [InlineData("[::1]")]
    [InlineData("[IPv6:1.2.3.4]")]
    [InlineData("[IPv6:fe80::1%1]")]
    [InlineData("[IPv6:[::1]]")]
    [InlineData("[IPv6:[::1]:25]")]
    [InlineData("[IPv6:]")]
    public void Invalid_domain_is_refused(string text) =>
        Assert.False(DomainName.TryParse(text, allowUtf8: false, out _));

    [Fact]
    public void Label_has_at_most_63_and_a_name_at_most_255_octets()
    {
        var label = new string('a', 63);
        var name = string.Join('.', Enumerable.Repeat(label, 4));
        Assert.Equal(DomainName.MaxLength, name.Length);
        Assert.True(DomainName.TryParse(name, false, out _));
        Assert.False(DomainName.TryParse(name + "a", false, out _));
        Assert.False(DomainName.TryParse(label + "a", false, out _));
        Assert.False(DomainName.TryParse(name[..^1] + ".a", false, out _));
    }

    [Theory]
    [InlineData("b\u00FCcher.example", "xn--bcher-kva.example")]
    [InlineData("B\u00DCCHER.example", "xn--bcher-kva.example")]
    [InlineData("_dmarc.b\u00FCcher.example", "_dmarc.xn--bcher-kva.example")]
    [InlineData("\u4F8B\u3048.\u30C6\u30B9\u30C8", "xn--r8jz45g.xn--zckzah")]
    public void U_label_gives_its_a_label(string text, string ascii)
    {
        Assert.True(DomainName.TryParse(text, allowUtf8: true, out var domain));
        Assert.False(domain.IsAscii);
        Assert.Equal(ascii, domain.ToAscii());
    }

    [Fact]
    public void U_label_whose_a_label_is_too_long_is_refused() =>
        Assert.False(DomainName.TryParse(new string('\u00FC', 60) + "a.example", allowUtf8: true, out _));

    [Fact]
    public void Domains_are_equal_without_regard_to_case() =>
        Assert.Equal(DomainName.Parse("Example.ORG"), DomainName.Parse("eXAMPLE.org"));

    [Fact]
    public void Parse_of_no_domain_throws() => Assert.Throws<FormatException>(() => DomainName.Parse("a b"));

    [Fact]
    public void What_is_accepted_is_accepted_again_and_has_an_ascii_form() =>
        Gen.Select(DomainLikeText, Gen.Bool).Sample((text, allowUtf8) =>
        {
            if (DomainName.TryParse(text, allowUtf8, out var domain))
            {
                Assert.True(DomainName.TryParse(domain.Text, allowUtf8, out var again));
                Assert.Equal(domain, again);
                Assert.True(System.Text.Ascii.IsValid(domain.ToAscii()));
            }
        });
}
