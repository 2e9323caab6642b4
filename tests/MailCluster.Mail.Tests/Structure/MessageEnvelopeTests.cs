using System.Text;

namespace MailCluster.Mail.Tests.Structure;

public sealed class MessageEnvelopeTests
{
    [Theory]
    [InlineData("<\"ann")]
    [InlineData("<@a:\"ann")]
    [InlineData("<ann@\"x")]
    [InlineData("Ann <\"ann\\")]
    [InlineData("a:<\"")]
    public async Task A_quote_that_is_never_closed_ends_with_the_field(string to)
    {
        var structure = await Messages.ReadAsync($"To: {to}\r\n\r\n");
        Assert.NotEmpty(structure.Envelope.To);
    }

    [Fact]
    public async Task Envelope_is_as_sent_but_unfolded()
    {
        var structure = await Messages.ReadAsync(Messages.Crlf(
            "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\nSubject: =?utf-8?q?a?=\n\tfolded\n" +
            "From: Terry Gray <gray@cac.washington.edu>\nReply-To: \nTo: imap@cac.washington.edu\n" +
            "cc: minutes@CNRI.Reston.VA.US, \"John \\\"K\\\" Klensin\" <KLENSIN@MIT.EDU>\nIn-Reply-To: <a@b> <c@d>\n" +
            "Message-Id: <B27397-0100000@cac.washington.edu>\n\nx"));

        Assert.Equal(
            """("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "=?utf-8?q?a?=	folded" """ +
            """(("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) """ +
            """(("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) """ +
            """((NIL NIL "minutes" "CNRI.Reston.VA.US")("John \"K\" Klensin" NIL "KLENSIN" "MIT.EDU")) """ +
            """NIL "<a@b> <c@d>" "<B27397-0100000@cac.washington.edu>")""",
            ImapText.Envelope(structure.Envelope));
    }

    [Theory]
    [InlineData("a@b", """((NIL NIL "a" "b"))""")]
    [InlineData("a@b (Ann (x) B)", """(("Ann (x) B" NIL "a" "b"))""")]
    [InlineData("<a@b>", """((NIL NIL "a" "b"))""")]
    [InlineData("Ann B. <@r1,@r2:a@b>", """(("Ann B." "@r1,@r2" "a" "b"))""")]
    [InlineData("=?utf-8?q?J=C3=B6?= <a@b>", """(("=?utf-8?q?J=C3=B6?=" NIL "a" "b"))""")]
    [InlineData("Jö <jö@exämple>", """(("Jö" NIL "jö" "exämple"))""")]
    [InlineData("Group: a@b, C <c@d>;, e@f",
        """((NIL NIL "Group" NIL)(NIL NIL "a" "b")("C" NIL "c" "d")(NIL NIL NIL NIL)(NIL NIL "e" "f"))""")]
    [InlineData("undisclosed-recipients:;", """((NIL NIL "undisclosed-recipients" NIL)(NIL NIL NIL NIL))""")]
    [InlineData("open: a@b", """((NIL NIL "open" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL))""")]
    [InlineData("root", """((NIL NIL "root" ""))""")]
    [InlineData("\"a b\"@c", """((NIL NIL "a b" "c"))""")]
    [InlineData("a@[192.0.2.1]", """((NIL NIL "a" "[192.0.2.1]"))""")]
    [InlineData(", ,a@b,,", """((NIL NIL "a" "b"))""")]
    [InlineData("Ann <a@b", """(("Ann" NIL "a" "b"))""")]
    [InlineData("x <a@b> junk, c@d", """(("x" NIL "a" "b")(NIL NIL "c" "d"))""")]
    [InlineData("((((", "NIL")]
    [InlineData(">>]])@@", """((NIL NIL "" "")(NIL NIL "" ""))""")]
    [InlineData("\"never closed <a@b>", """((NIL NIL "never closed <a@b>" ""))""")]
    public async Task Address_list_is_read(string field, string expected)
    {
        var structure = await Messages.ReadAsync($"To: {field}\r\n\r\n");

        Assert.Equal(expected, ImapText.Addresses(structure.Envelope.To));
    }

    [Fact]
    public async Task What_no_string_of_imap_can_hold_is_replaced()
    {
        byte[] message = [.. "Subject: a"u8, 0, 0xFF, .. "\rb\r\n\r\n"u8];

        var structure = await Messages.ReadAsync(message);

        Assert.Equal("a\uFFFD\uFFFD b", structure.Envelope.Subject);
    }

    [Fact]
    public async Task Utf_8_in_a_header_survives()
    {
        var structure = await Messages.ReadAsync(Encoding.UTF8.GetBytes("Subject: Grüße 🐘\r\n\r\n"));

        Assert.Equal("Grüße 🐘", structure.Envelope.Subject);
    }

    [Fact]
    public async Task First_field_of_a_name_counts()
    {
        var structure = await Messages.ReadAsync("Subject: one\r\nsubject : two\r\n\r\n");

        Assert.Equal("one", structure.Envelope.Subject);
    }
}
