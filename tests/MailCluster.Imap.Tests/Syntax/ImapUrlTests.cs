using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Tests.Syntax;

/// <summary>RFC 5092 §11, as far as a URL names a message or a section of it.</summary>
public sealed class ImapUrlTests
{
    [Theory]
    [InlineData("/INBOX/;UID=1", "- - INBOX - 1 [] -")]
    [InlineData("/INBOX;UIDVALIDITY=385759045/;UID=20/;section=HEADER", "- - INBOX 385759045 20 [Header] -")]
    [InlineData("/a/b/;uid=4294967295/;SECTION=1.2.MIME/;PARTIAL=0.1024", "- - a/b - 4294967295 [1.2 Mime] 0.1024")]
    [InlineData("/a/;UID=7/;PARTIAL=5", "- - a - 7 [] 5.9223372036854775807")]
    [InlineData("/Entw%C3%BCrfe%2F%25/;UID=7", "- - Entw\u00FCrfe/% - 7 [] -")]
    [InlineData("/a/;UID=7/;SECTION=HEADER.FIELDS%20(TO%20CC)", "- - a - 7 [Header TO,CC] -")]
    [InlineData("imap://mail.example/a/;UID=7", "mail.example - a - 7 [] -")]
    [InlineData("IMAP://bob%40b.example;AUTH=*@mail.example:143/a/;UID=7", "mail.example bob@b.example a - 7 [] -")]
    [InlineData("//;AUTH=*@mail.example/a/;UID=7", "mail.example - a - 7 [] -")]
    [InlineData(";UID=7/;SECTION=TEXT", "- - - - 7 [Text] -")]
    public void Message_is_named(string text, string expected)
    {
        Assert.True(ImapUrl.TryParse(text, out var url));
        Assert.Equal(expected, Describe(url!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/INBOX")]
    [InlineData("INBOX/;UID=1")] // relative to a mailbox above the selected one, which names nothing sure
    [InlineData("//;UID=1")]
    [InlineData("/;UID=1")]
    [InlineData("/INBOX/;UID=0")]
    [InlineData("/INBOX/;UID=x")]
    [InlineData("/INBOX/;UID=4294967296")]
    [InlineData("/INBOX;UIDVALIDITY=/;UID=1")]
    [InlineData("/INBOX;OTHER=1/;UID=1")]
    [InlineData("/INBOX/;UID=1/;SECTION=")]
    [InlineData("/INBOX/;UID=1/;SECTION=WHAT")]
    [InlineData("/INBOX/;UID=1/;SECTION=1]")]
    [InlineData("/INBOX/;UID=1/;PARTIAL=1.0")]
    [InlineData("/INBOX/;UID=1/;PARTIAL=1.2.3")]
    [InlineData("/INBOX/;UID=1/;PARTIAL=1/;SECTION=1")]
    [InlineData("/INBOX/;UID=1/;SECTION=1;URLAUTH=anonymous:internal:91354a473744909de610943775f92038")]
    [InlineData("/INBOX/;UID=1/")]
    [InlineData("/%ZZ/;UID=1")]
    [InlineData("/%C3/;UID=1")]
    [InlineData("/%00/;UID=1")]
    [InlineData("/%4/;UID=1")]
    [InlineData("imap:/INBOX/;UID=1")]
    [InlineData("imap://mail.example")]
    [InlineData("imap://mail.example/;UID=1")]
    [InlineData("imap://@/INBOX/;UID=1")]
    [InlineData("http://mail.example/INBOX/;UID=1")]
    public void Other_text_names_no_message(string text) => Assert.False(ImapUrl.TryParse(text, out _));

    [Theory]
    [InlineData("IMAP://bob%40b.example;AUTH=*@mail.example:143/a;UIDVALIDITY=3/;UID=7/;SECTION=1.2.MIME/;PARTIAL=0.1024")]
    public void No_beginning_of_one_is_taken_for_more_than_it_says(string text)
    {
        for (var length = 0; length < text.Length; length++)
        {
            if (ImapUrl.TryParse(text[..length], out var url))
            {
                Assert.StartsWith("mail.example bob@b.example a 3 7 ", Describe(url!), StringComparison.Ordinal);
            }
        }
    }

    private static string Describe(ImapUrl url)
    {
        var section = string.Join(
            ' ',
            new[]
            {
                string.Join('.', url.Section.Path),
                url.Section.Section == Mail.Structure.MessageSection.Content ? "" : url.Section.Section.ToString(),
                url.Section.IsFields ? string.Join(',', url.Section.Fields) : "",
            }.Where(word => word.Length > 0));
        var partial = url.Partial is { } part ? $"{part.First}.{part.Count}" : "-";
        return $"{url.Host ?? "-"} {url.User ?? "-"} {url.Mailbox ?? "-"} {url.UidValidity?.ToString() ?? "-"} {url.Uid.Value} [{section}] {partial}";
    }
}
