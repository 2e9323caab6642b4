using System.Text;
using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Tests.Structure;

public sealed class PreviewTests
{
    [Theory]
    [InlineData("text/plain", "7bit", "Hello\n\n   there\t!\n", "Hello there !")]
    [InlineData("text/plain; charset=iso-8859-1", "quoted-printable", "Gr=FC=DFe a=\nb", "Grüße ab")]
    [InlineData("text/plain; charset=utf-8", "base64", "R3LDvMOfZQ==", "Grüße")]
    [InlineData("text/plain; charset=windows-1252", "quoted-printable", "=93x=94", "“x”")]
    [InlineData("text/plain; charset=no-such-charset", "7bit", "x", "x")]
    [InlineData("text/plain; charset=\"\"", "7bit", "x", "x")]
    [InlineData("text/plain; charset=utf-7", "7bit", "x", "x")]
    [InlineData("text/html", "7bit", "<html><head><title>t</title><style>p {}</style></head><body><script>" +
        "if (a<b) x()</script><p>One &amp; <b>t</b>wo</p><p>three&nbsp;&#52;</p><!-- no --></body>", "One & two three 4")]
    [InlineData("text/html", "7bit", "<p>cut in a <a href='x", "cut in a")]
    [InlineData("text/plain", "7bit", "\u200B\u200C \uFEFFseen", "seen")]
    [InlineData("image/png", "7bit", "x", "")]
    [InlineData("text/calendar", "7bit", "BEGIN:VCALENDAR", "")]
    public async Task Part_has_this_preview(string type, string encoding, string body, string expected)
    {
        var structure = await Messages.ReadAsync(Messages.Crlf(
            $"Content-Type: {type}\nContent-Transfer-Encoding: {encoding}\n\n{body}"));

        Assert.Equal(expected, structure.Preview);
    }

    [Fact]
    public async Task Base64_that_is_none_gives_some_text_and_no_exception()
    {
        var structure = await Messages.ReadAsync("Content-Transfer-Encoding: base64\r\n\r\n!!! ??? \0\u00FF===\r\n");

        Assert.InRange(structure.Preview.Length, 0, 20);
    }

    [Fact]
    public async Task Preview_is_at_most_200_characters_and_no_half_one()
    {
        var structure = await Messages.ReadAsync("Subject: x\r\n\r\na" + string.Concat(Enumerable.Repeat("🐘", 300)));

        Assert.Equal("a" + string.Concat(Enumerable.Repeat("🐘", 99)), structure.Preview);
    }

    [Fact]
    public async Task No_more_than_allowed_is_read_for_it()
    {
        var limits = new StructureLimits { MaxPreviewOctets = 4 };

        var structure = await Messages.ReadAsync("Subject: x\r\n\r\nabcdefgh\r\nij\r\n", limits);

        Assert.Equal("abcd", structure.Preview);
    }

    [Fact]
    public async Task First_part_with_something_to_read_gives_it()
    {
        var structure = await Messages.ReadAsync(Messages.Crlf("""
            Content-Type: multipart/mixed; boundary=b

            not this
            --b
            Content-Disposition: attachment

            nor this
            --b

               
            --b
            Content-Type: text/html

            <p>this</p>
            --b

            too late
            --b--
            """));

        Assert.Equal("this", structure.Preview);
    }

    [Theory]
    [InlineData("Content-Type: image/png\nContent-Disposition: attachment", true)]
    [InlineData("Content-Type: text/plain\nContent-Disposition: attachment; filename=x.txt", true)]
    [InlineData("Content-Type: application/pdf; name=x.pdf", true)]
    [InlineData("Content-Type: application/pdf; name*0=x.pdf", true)]
    [InlineData("Content-Type: image/png; name=x.png\nContent-Disposition: inline\nContent-ID: <a@b>", false)]
    [InlineData("Content-Type: message/rfc822", true)]
    [InlineData("Content-Type: text/html", false)]
    [InlineData("Content-Type: application/pgp-signature; name=signature.asc", false)]
    [InlineData("Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment", false)]
    public async Task Part_is_an_attachment_or_not(string header, bool expected)
    {
        var structure = await Messages.ReadAsync(Encoding.UTF8.GetBytes(Messages.Crlf(
            $"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n{header}\n\nx\n--b--\n")));

        Assert.Equal(expected, structure.HasAttachment);
    }
}
