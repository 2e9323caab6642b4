using System.Text;
using MailCluster.Mail.Search;
using MailCluster.Mail.Tests.Structure;

namespace MailCluster.Mail.Tests.Search;

public sealed class SearchableTextTests
{
    [Fact]
    public async Task Fields_are_found_as_people_see_them()
    {
        var text = await ReadAsync("""
            From: =?utf-8?q?J=C3=B6rg?= "M. (x)" Doe <Joerg@Example.ORG>
            To: Friends: "Ann, B" <ann@x>, bob@y;, carl@z (Carl)
            Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?b?IGF1cyBS?=
             =?utf-8?q?om?=  and
             more
            X-Empty:
            Received: one
            Received: two

            """);
        Assert.Equal(
            "\nfrom: jörg m. (x) doe <joerg@example.org>\nto: friends: ann, b <ann@x>, bob@y;, carl <carl@z>"
            + "\nsubject: grüße aus rom and more\nx-empty: \nreceived: one\ttwo\n",
            text.Header);
        Assert.Equal("", text.Body);
    }

    [Fact]
    public async Task Bodies_are_read_without_tags_and_without_attachments()
    {
        var text = await ReadAsync("""
            Subject: outer
            Content-Type: multipart/mixed; boundary=b

            preamble
            --b
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Caf=E9 soft=
            break
            --b
            Content-Type: text/html
            Content-Transfer-Encoding: base64

            PHN0eWxlPi5hIHt9PC9zdHlsZT48cD5UaXNjaCZhbXA7PGI+U3R1PC9iPmhsPC9wPjxzY3JpcHQ+aGlkZGVuKCk8L3NjcmlwdD4=
            --b
            Content-Type: text/plain
            Content-Disposition: attachment

            attached
            --b
            Content-Type: message/rfc822

            Subject: Inner
            From: Ann <ann@x>

            deep
            --b--
            epilogue

            """);
        Assert.Equal("café softbreak\ntisch&stuhl\ninner\nann <ann@x>\ndeep\n", text.Body);
    }

    [Theory]
    [InlineData("no-such-charset")]
    [InlineData("utf-7")]
    [InlineData("utf-16")]
    [InlineData("\"")]
    public async Task A_charset_that_nobody_knows_hides_no_ascii(string charset)
    {
        var text = await ReadAsync($"Content-Type: text/plain; charset={charset}\n\nplain\n");
        Assert.True(charset == "utf-16" || text.Body.Contains("plain", StringComparison.Ordinal), text.Body);
    }

    [Fact]
    public async Task Any_octets_in_any_charset_are_a_text()
    {
        var octets = new byte[4096];
        var random = new Random(1);
        foreach (var charset in CodePagesEncodingProvider.Instance.GetEncodings().Select(encoding => encoding.Name)
            .Concat(Encoding.GetEncodings().Select(encoding => encoding.Name)))
        {
            random.NextBytes(octets);
            byte[] message =
            [
                .. Encoding.ASCII.GetBytes($"Subject: =?{charset}?b?{Convert.ToBase64String(octets)}?=\n"
                    + $"Content-Type: text/html; charset={charset}\n\n"),
                .. octets,
            ];
            using var stream = new MemoryStream(message);
            var text = await SearchableText.ReadAsync(stream);
            Assert.StartsWith("\nsubject: ", text.Header, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_prefix_of_a_message_has_a_text()
    {
        var octets = Encoding.UTF8.GetBytes(Messages.Nested);
        for (var length = 0; length <= octets.Length; length++)
        {
            using var stream = new MemoryStream(octets, 0, length);
            var text = await SearchableText.ReadAsync(stream);
            Assert.True(text.Header.Length == 0 || text.Header.EndsWith('\n'), text.Header);
        }
    }

    [Fact]
    public async Task What_is_beyond_a_limit_is_not_found()
    {
        var limits = new SearchLimits { MaxTextOctets = 10, MaxHeaderOctets = 20 };
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes($"Subject: {new string('x', 50)}\r\n\r\n{new string('y', 50)}"));
        var text = await SearchableText.ReadAsync(stream, limits);
        Assert.Equal(($"\nsubject: {new string('x', 11)}\n", $"{new string('y', 10)}\n"), (text.Header, text.Body));
    }

    internal static async Task<SearchableText> ReadAsync(string message)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Messages.Crlf(message)));
        return await SearchableText.ReadAsync(stream);
    }
}
