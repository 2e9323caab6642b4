using System.Text.RegularExpressions;
using CsCheck;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Mail.Tests.Mailboxes;

public sealed class FolderPatternTests
{
    [Theory]
    [InlineData("*", "a/b/c", true)]
    [InlineData("%", "a/b", false)]
    [InlineData("%", "a", true)]
    [InlineData("%/%", "a/b", true)]
    [InlineData("a%", "a", true)]
    [InlineData("a%c", "abc", true)]
    [InlineData("a%c", "ab/c", false)]
    [InlineData("a*c", "ab/c", true)]
    [InlineData("%*", "a/b", true)]
    [InlineData("*%", "a/b", true)]
    [InlineData("%%", "ab", true)]
    [InlineData("%%", "a/b", false)]
    [InlineData("", "a", false)]
    [InlineData("A", "a", false)]
    [InlineData("inbox", "INBOX", true)]
    [InlineData("inBox/%", "INBOX/x", true)]
    [InlineData("in%", "INBOX", true)]
    [InlineData("in%", "INBOX/x", false)]
    [InlineData("x/inbox", "x/inbox", true)]
    [InlineData("x/inbox", "x/INBOX", false)]
    public void Wildcards(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new FolderPattern(pattern).Matches(FolderName.Parse(name)));

    [Fact]
    public void Patterns_match_as_regular_expressions_do() => Gen.Select(
        Gen.String[Gen.Char["ab/*%"], 0, 10], Gen.String[Gen.Char["ab/"], 1, 10]).Sample((pattern, text) =>
        {
            if (FolderName.TryParse(text, out var name))
            {
                var regex = $"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace("%", "[^/]*", StringComparison.Ordinal)}$";
                Assert.Equal(Regex.IsMatch(text, regex), new FolderPattern(pattern).Matches(name));
            }
        });
}
