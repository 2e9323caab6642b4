using MailCluster.Mail.Search;

namespace MailCluster.Mail.Tests.Search;

public sealed class ComparableTextTests
{
    [Theory]
    [InlineData("Hello  World", "hello world")]
    [InlineData(" a\r\n\tb\u00A0c\0d ", " a b c d ")]
    [InlineData("ÉCOLE ΣΊΣΥΦΟΣ σίσυφος", "école σίσυφοσ σίσυφοσ")]
    [InlineData("STRAßE ẞ", "straße ß")]
    [InlineData("ＦＵＬＬ　width", "full width")]
    [InlineData("un\u00ADseen\u200B\uFEFF", "unseen")]
    [InlineData("𐐀", "𐐨")]
    [InlineData("", "")]
    public void Case_blanks_and_unseen_characters_make_no_difference(string text, string comparable) =>
        Assert.Equal(comparable, ComparableText.Of(text));

    [Fact]
    public void Half_a_surrogate_pair_is_a_replacement_character() =>
        Assert.Equal("\uFFFDx", ComparableText.Of("\uD800X"));

    [Fact]
    public void The_comparable_form_of_any_character_is_its_own_comparable_form()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!System.Text.Rune.IsValid(value))
            {
                continue;
            }

            var once = ComparableText.Of(new System.Text.Rune(value).ToString());
            Assert.True(once == ComparableText.Of(once), $"U+{value:X4} becomes another with each round");
            Assert.False(once.Any(char.IsControl), $"U+{value:X4} becomes a control character");
        }
    }
}
