namespace MailCluster.Mail.Tests.Structure;

public sealed class BodyStructureTests
{
    [Theory]
    [InlineData("", """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL)""")]
    [InlineData("Subject: x\n\none\ntwo",
        """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 8 2 NIL NIL NIL NIL)""")]
    [InlineData("just a text\nof two lines\n",
        """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 27 2 NIL NIL NIL NIL)""")]
    [InlineData("Content-Type: nonsense\n\nx\n",
        """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 1 NIL NIL NIL NIL)""")]
    [InlineData("Content-Type: TEXT/HTML; Charset=\"UTF-8\" ; format=flowed (really)\n" +
        "Content-Transfer-Encoding: Quoted-Printable (x)\nContent-ID: <a@b>\nContent-Description: some\n text\n" +
        "Content-MD5: Q2hlY2s=\nContent-Language: en, de\nContent-Location: http://x/\n" +
        "Content-Disposition: inline; filename=\"a\\\"b.html\"\n\nx\n",
        """("text" "html" ("charset" "UTF-8" "format" "flowed") "<a@b>" "some text" "quoted-printable" 3 """ +
        """1 "Q2hlY2s=" ("inline" ("filename" "a\"b.html")) ("en" "de") "http://x/")""")]
    [InlineData("Content-Type: application/pdf; name=my file (1).pdf;\n\nx\n",
        """("application" "pdf" ("name" "my file") NIL NIL "7bit" 3 NIL NIL NIL NIL)""")]
    [InlineData("Content-Type: application/pdf; name*0*=utf-8''a%20; name*1=b(1).pdf\n\nx\n",
        """("application" "pdf" ("name*0*" "utf-8''a%20" "name*1" "b(1).pdf") NIL NIL "7bit" 3 NIL NIL NIL NIL)""")]
    [InlineData("Content-Type: multipart/mixed\n\ntext\n",
        """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 6 1 NIL NIL NIL NIL)""")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\nnever comes\n",
        """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 13 1 NIL NIL NIL NIL)""")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\n\n--b--\n",
        """(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL)""" +
        """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL)""" +
        """ "mixed" ("boundary" "b") NIL NIL NIL)""")]
    [InlineData("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: s\n\nx\n--b\n" +
        "Content-Type: text/plain\n\ny\n--b--",
        """(("message" "rfc822" NIL NIL NIL "7bit" 15 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) """ +
        """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 1 NIL NIL NIL NIL) 3 NIL NIL NIL NIL)""" +
        """("text" "plain" NIL NIL NIL "7bit" 1 1 NIL NIL NIL NIL) "digest" ("boundary" "b") NIL NIL NIL)""")]
    [InlineData("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nAAAA\n",
        """("application" "octet-stream" NIL NIL NIL "base64" 6 NIL NIL NIL NIL)""")]
    [InlineData("Content-Type: message/global\n\nSubject: \u00FC\n\n\u00FC",
        """("message" "global" NIL NIL NIL "7bit" 17 (NIL "ü" NIL NIL NIL NIL NIL NIL NIL NIL) """ +
        """("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 2 1 NIL NIL NIL NIL) 3 NIL NIL NIL NIL)""")]
    public async Task Message_has_this_structure(string message, string expected)
    {
        var structure = await Messages.ReadAsync(Messages.Crlf(message));

        Assert.Equal(expected, ImapText.BodyStructure(structure.Root));
    }

    [Fact]
    public async Task Nested_message_has_this_structure()
    {
        var structure = await Messages.ReadAsync(Messages.Nested);

        Assert.Equal(
            """(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 12 2 NIL NIL NIL NIL)""" +
            """("message" "rfc822" NIL NIL NIL "7bit" 338 ("Tue, 1 Jul 2003 10:52:37 +0200" "inner" """ +
            """((NIL NIL "bob" "example.net")) ((NIL NIL "bob" "example.net")) ((NIL NIL "bob" "example.net")) """ +
            """NIL NIL NIL NIL NIL) """ +
            """(("text" "html" ("charset" "utf-8") NIL NIL "7bit" 15 1 NIL NIL NIL NIL)""" +
            """("image" "png" NIL "<pic@x>" NIL "base64" 4 NIL NIL NIL NIL) "related" ("boundary" "outer-2") """ +
            """NIL NIL NIL) 18 NIL ("attachment" ("filename" "old.eml")) NIL NIL)""" +
            """("application" "pdf" ("name" "a b.pdf") NIL NIL "base64" 8 NIL NIL NIL NIL) "mixed" """ +
            """("boundary" "outer") NIL NIL NIL)""",
            ImapText.BodyStructure(structure.Root));
    }
}
