using CsCheck;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Mail.Tests.Mailboxes;

public sealed class ModifiedUtf7Tests
{
    [Theory]
    [InlineData("INBOX", "INBOX")]
    [InlineData("", "")]
    [InlineData("&", "&-")]
    [InlineData("a&b", "a&-b")]
    [InlineData("ä", "&AOQ-")]
    [InlineData("台北", "&U,BTFw-")] // RFC 3501 §5.1.3
    [InlineData("日本語", "&ZeVnLIqe-")]
    [InlineData("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-")]
    [InlineData("ä&ö", "&AOQ-&-&APY-")]
    [InlineData("😀", "&2D3eAA-")]
    public void Names_in_ascii(string name, string encoded)
    {
        Assert.Equal(encoded, ModifiedUtf7.Encode(name));
        Assert.True(ModifiedUtf7.TryDecode(encoded, out var decoded));
        Assert.Equal(name, decoded);
    }

    [Theory]
    [InlineData("&")]
    [InlineData("a&b")]
    [InlineData("&AOQ")] // no end
    [InlineData("&Jjo!")] // RFC 3501 §5.1.3: no Base64
    [InlineData("&U,BTFw-&ZeVnLIqe-")] // RFC 3501 §5.1.3: two shifts side by side
    [InlineData("&AGEAYg-")] // "ab" needs none
    [InlineData("&AOR-")] // bits are left over
    [InlineData("&AO-")] // half a character
    [InlineData("&A-")]
    [InlineData("&AOQ=-")]
    [InlineData("ä")]
    [InlineData("a\tb")]
    public void No_names(string encoded) => Assert.False(ModifiedUtf7.TryDecode(encoded, out _));

    [Fact]
    public void Every_name_comes_back_and_is_ascii() => Gen.String.Sample(name =>
    {
        var encoded = ModifiedUtf7.Encode(name);
        Assert.All(encoded, character => Assert.InRange(character, ' ', '~'));
        Assert.True(ModifiedUtf7.TryDecode(encoded, out var decoded));
        Assert.Equal(name, decoded);
    });

    [Fact]
    public void What_is_decoded_has_this_form_alone() => Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Const('&'), Gen.Const('-')), 0, 12]
        .Sample(text => !ModifiedUtf7.TryDecode(text, out var name) || ModifiedUtf7.Encode(name) == text);
}
