using CsCheck;
using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Tests.Addresses;

public sealed class MailAddressTests
{
    private static readonly Gen<string> LocalPart =
        Gen.Char["ab.Z09+-_\"\\@<> ,;:()'/\u00E9\u4F8B"].Array[0, 20].Select(c => new string(c));

    private static readonly Gen<DomainName> Domain =
        Gen.OneOf("example.org", "[192.0.2.1]", "[IPv6:2001:db8::1]", "b\u00FCcher.example", "a").Select(DomainName.Parse);

    [Theory]
    [InlineData("user@example.org", "user")]
    [InlineData("User.Name+tag@example.org", "User.Name+tag")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~")]
    [InlineData("\"a b\"@example.org", "a b")]
    [InlineData("\"a\\\"b\"@example.org", "a\"b")]
    [InlineData("\"a\\\\b\"@example.org", "a\\b")]
    [InlineData("\"a@b\"@example.org", "a@b")]
    [InlineData("\"plain\"@example.org", "plain")]
    [InlineData("\"\"@example.org", "")]
    [InlineData("x@[192.0.2.1]", "x")]
    public void Valid_address_is_read(string text, string localPart)
    {
        Assert.True(MailAddress.TryParse(text, allowUtf8: false, out var address));
        Assert.Equal(localPart, address.LocalPart);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("user")]
    [InlineData("user@")]
    [InlineData("@example.org")]
    [InlineData(".user@example.org")]
    [InlineData("user.@example.org")]
    [InlineData("us..er@example.org")]
    [InlineData("us er@example.org")]
    [InlineData("user@exa mple.org")]
    [InlineData("user@example.org ")]
    [InlineData("user@a@b")]
    [InlineData("\"user@example.org")]
    [InlineData("\"user\\\"@example.org")]
    [InlineData("\"us\rer\"@example.org")]
    [InlineData("\"us\\\ner\"@example.org")]
    [InlineData("\"user\"x@example.org")]
    [InlineData("us\u00E9r@example.org")]
    [InlineData("user@b\u00FCcher.example")]
    public void Invalid_address_is_refused(string text) =>
        Assert.False(MailAddress.TryParse(text, allowUtf8: false, out _));

    [Fact]
    public void Utf8_address_is_read_where_allowed()
    {
        Assert.True(MailAddress.TryParse("us\u00E9r@b\u00FCcher.example", allowUtf8: true, out var address));
        Assert.False(address.IsAscii);
    }

    [Fact]
    public void Local_part_has_at_most_64_octets()
    {
        Assert.True(MailAddress.TryParse(new string('a', 64) + "@b", allowUtf8: false, out _));
        Assert.False(MailAddress.TryParse(new string('a', 65) + "@b", allowUtf8: false, out _));
        Assert.False(MailAddress.TryParse(new string('\u00E9', 33) + "@b", allowUtf8: true, out _));
    }

    [Fact]
    public void Local_part_differs_by_case_and_domain_does_not()
    {
        Assert.Equal(MailAddress.Parse("a@B.example"), MailAddress.Parse("a@b.EXAMPLE"));
        Assert.NotEqual(MailAddress.Parse("A@b.example"), MailAddress.Parse("a@b.example"));
    }

    [Fact]
    public void Every_address_that_is_written_is_read_back() =>
        Gen.Select(LocalPart, Domain).Sample((localPart, domain) =>
        {
            var address = new MailAddress(localPart, domain);
            Assert.True(MailAddress.TryParse(address.ToString(), allowUtf8: true, out var again));
            Assert.Equal(address, again);
        });

    [Fact]
    public void No_address_can_be_written() => Assert.Equal("\"\"@", default(MailAddress).ToString());
}
