using MailCluster.Mail.Search;

namespace MailCluster.Mail.Tests.Search;

public sealed class TextCriterionTests
{
    private static readonly Lazy<Task<SearchableText>> Message = new(() => SearchableTextTests.ReadAsync(
        "Subject: Lunch  at 12\nSubject: second\nX-From: carl\nX-Empty:\n\nSee you \\ 100% \"there\"\n"));

    [Theory]
    [InlineData("SUBJECT", "lunch at", true)]
    [InlineData("subject", "Second", true)]
    [InlineData("subject", "12 sec", false)]
    [InlineData("subject", "subject", false)]
    [InlineData("from", "carl", false)]
    [InlineData("x-from", "", true)]
    [InlineData("x-empty", "", true)]
    [InlineData("x-empty", "a", false)]
    [InlineData("bcc", "", false)]
    [InlineData("", "", false)]
    [InlineData("a b", "", false)]
    [InlineData("x\n", "", false)]
    public async Task A_field_has_its_own_text_alone(string field, string needle, bool isFound) =>
        Assert.Equal(isFound, TextCriterion.InField(field, needle).Matches(await Message.Value));

    [Theory]
    [InlineData("you \\ 100% \"THERE\"", false, true)]
    [InlineData("subject: lunch", true, false)]
    [InlineData("there\r\n", false, false)]
    [InlineData("%", false, true)]
    [InlineData("_", false, false)]
    [InlineData("", true, true)]
    public async Task Header_and_body_are_told_apart(string needle, bool inHeader, bool inBody)
    {
        var message = await Message.Value;
        Assert.Equal(inHeader, TextCriterion.InHeader(needle).Matches(message));
        Assert.Equal(inBody, TextCriterion.InBody(needle).Matches(message));
        Assert.Equal(inHeader || inBody, TextCriterion.InText(needle).Matches(message));
    }
}
