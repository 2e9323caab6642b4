using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Tests.Structure;

/// <summary>Every offset is proved by cutting the message there.</summary>
public sealed class MessageSectionTests
{
    [Theory]
    [InlineData("1", MessageSection.Content, "Hello\nthere")]
    [InlineData("1", MessageSection.Mime, "\n")]
    [InlineData("2", MessageSection.Mime,
        "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=old.eml\n\n")]
    [InlineData("2", MessageSection.Header, "Date: Tue, 1 Jul 2003 10:52:37 +0200\nFrom: bob@example.net\n" +
        "Subject: inner\nContent-Type: multipart/related; boundary=outer-2\n\n")]
    [InlineData("2.1", MessageSection.Content, "<p>inside</p>\n")]
    [InlineData("2.1", MessageSection.Mime, "Content-Type: text/html; charset=utf-8\n\n")]
    [InlineData("2.2", MessageSection.Content, "AAAA")]
    [InlineData("3", MessageSection.Content, "JVBERi0=")]
    [InlineData("", MessageSection.Header, "From: Ann <ann@example.org>\nSubject: outer\n" +
        "Content-Type: multipart/mixed; boundary=\"outer\"\n\n")]
    public async Task Section_is_this_slice(string path, MessageSection section, string expected)
    {
        var structure = await Messages.ReadAsync(Messages.Nested);

        var found = structure.Find([.. Path(path)], section);

        Assert.Equal(Messages.Crlf(expected), Messages.Cut(Messages.Nested, found));
    }

    [Fact]
    public async Task Header_and_text_are_the_message()
    {
        var structure = await Messages.ReadAsync(Messages.Nested);

        var header = Messages.Cut(Messages.Nested, structure.Find([], MessageSection.Header));
        var text = Messages.Cut(Messages.Nested, structure.Find([], MessageSection.Text));

        Assert.Equal(Messages.Nested, header + text);
        Assert.Equal(Messages.Nested, Messages.Cut(Messages.Nested, structure.Find([], MessageSection.Content)));
    }

    [Fact]
    public async Task Embedded_message_has_its_epilogue_and_not_the_line_end_before_the_delimiter()
    {
        var structure = await Messages.ReadAsync(Messages.Nested);

        var embedded = Messages.Cut(Messages.Nested, structure.Find([2], MessageSection.Content));
        var text = Messages.Cut(Messages.Nested, structure.Find([2], MessageSection.Text));

        Assert.StartsWith("Date: Tue, 1 Jul", embedded, StringComparison.Ordinal);
        Assert.EndsWith("\r\nepilogue of the inner one", embedded, StringComparison.Ordinal);
        Assert.EndsWith(text, embedded, StringComparison.Ordinal);
        Assert.StartsWith("--outer-2\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", MessageSection.Header)]
    [InlineData("1.1", MessageSection.Content)]
    [InlineData("4", MessageSection.Content)]
    [InlineData("0", MessageSection.Content)]
    [InlineData("2.3", MessageSection.Content)]
    [InlineData("2.1.1", MessageSection.Content)]
    [InlineData("3", MessageSection.Text)]
    [InlineData("", MessageSection.Mime)]
    public async Task Section_that_is_not_there_is_none(string path, MessageSection section)
    {
        var structure = await Messages.ReadAsync(Messages.Nested);

        Assert.Null(structure.Find([.. Path(path)], section));
    }

    [Fact]
    public async Task Message_of_one_part_is_its_own_part_1()
    {
        var message = Messages.Crlf("Subject: x\n\nbody\n");
        var structure = await Messages.ReadAsync(message);

        Assert.Same(structure.Root, structure.Find([1]));
        Assert.Null(structure.Find([2]));
        Assert.Null(structure.Find([1, 1]));
        Assert.Equal("body\r\n", Messages.Cut(message, structure.Find([1], MessageSection.Content)));
    }

    [Fact]
    public async Task Inside_of_an_embedded_message_of_one_part_is_part_1_of_it()
    {
        var message = Messages.Crlf("Content-Type: message/rfc822\n\nSubject: in\n\ndeep\n");
        var structure = await Messages.ReadAsync(message);

        Assert.Equal("deep\r\n", Messages.Cut(message, structure.Find([1, 1], MessageSection.Content)));
        Assert.Equal("Subject: in\r\n\r\n", Messages.Cut(message, structure.Find([1], MessageSection.Header)));
        Assert.Null(structure.Find([1, 1, 1]));
    }

    private static IEnumerable<int> Path(string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
}
