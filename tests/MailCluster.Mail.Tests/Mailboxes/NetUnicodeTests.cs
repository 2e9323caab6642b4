using MailCluster.Mail.Mailboxes;

namespace MailCluster.Mail.Tests.Mailboxes;

/// <summary>RFC 5198 §2, RFC 9051 §5.1: names of folders in characters that are composed.</summary>
public sealed class NetUnicodeTests
{
    [Theory]
    [InlineData("Projekte", true)]
    [InlineData("\u00DCbersicht", true)]
    [InlineData("U\u0308bersicht", false)]
    [InlineData("\u1EB9\u0300", true)] // no character of its own: the mark stays
    [InlineData("x\u0302", true)]
    [InlineData("\uAC00", true)]
    [InlineData("\u1100\u1161", false)]
    [InlineData("\uAC00\u11A8", false)]
    [InlineData("\u304B\u3099", false)]
    [InlineData("\u212B", false)] // the unit, which the letter stands for
    [InlineData("\uFB01", true)] // compatible is not the same
    [InlineData("\U0001F600", true)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\u0085b", false)]
    public void Name_is_composed(string text, bool isName) => Assert.Equal(isName, FolderName.TryParse(text, out _));
}
