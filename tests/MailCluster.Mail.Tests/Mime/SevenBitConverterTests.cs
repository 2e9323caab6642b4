using System.Text;
using CsCheck;
using MailCluster.Mail.Mime;
using MimeKit;

namespace MailCluster.Mail.Tests.Mime;

public sealed class SevenBitConverterTests
{
    private const string Header = "From: a@b.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n";

    private static readonly Gen<byte[]> MessageLike = Gen.OneOf(
        Gen.OneOf(
            "From: a@b\r\n", "MIME-Version: 1.0\r\n", "Content-Type: multipart/mixed; boundary=b\r\n", "\r\n", "--b\r\n", "--b--\r\n",
            "Content-Transfer-Encoding: 8bit\r\n", "Content-Type: message/rfc822\r\n", "Content-Type: text/plain\r\n",
            "Content-Type: multipart/signed; boundary=b\r\n", "gr\u00FC\u00DFe\r\n", "\0", "\r", "\n", "Content-Transfer-Encoding: base64\r\n")
            .Array[0, 12].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))),
        Gen.Byte.Array[0, 100]);

    [Fact]
    public void Text_part_becomes_quoted_printable_and_keeps_its_text_and_fields()
    {
        var converted = Convert(Header + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nMany Gr\u00FC\u00DFe to all of you from everybody here\r\n")!;
        Assert.StartsWith(Header, converted, StringComparison.Ordinal);
        Assert.Contains("Content-Transfer-Encoding: quoted-printable\r\n", converted, StringComparison.Ordinal);
        Assert.Equal("Many Gr\u00FC\u00DFe to all of you from everybody here", Parse(converted).TextBody!.TrimEnd());
    }

    [Fact]
    public void Parts_that_are_7_bit_keep_their_octets()
    {
        const string Plain = "Content-Type: text/plain\r\nX-Odd:   spaces\r\n\r\nplain  \r\n.\r\n";
        var converted = Convert(
            Header + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + Plain
            + "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>\u00FC\r\n--b--\r\n")!;
        Assert.Contains("--b\r\n" + Plain + "--b\r\n", converted, StringComparison.Ordinal);
        Assert.Equal("<p>\u00FC", Parse(converted).BodyParts.OfType<TextPart>().Last().Text.TrimEnd());
    }

    [Fact]
    public void Message_within_a_message_is_converted_too()
    {
        var converted = Convert(
            Header + "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + "Subject: inner\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00FC\r\n")!;
        Assert.DoesNotContain("8bit", converted, StringComparison.Ordinal);
        Assert.Contains("Content-Transfer-Encoding: 7bit\r\n\r\nSubject: inner", converted, StringComparison.Ordinal);
        Assert.Equal("\u00FC", Assert.IsType<MessagePart>(Parse(converted).Body).Message!.TextBody!.TrimEnd());
    }

    [Fact]
    public void Multipart_that_declared_8_bits_declares_7()
    {
        var converted = Convert(
            Header + "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8BIT\r\n\r\n"
            + "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00FC\r\n--b--\r\n")!;
        Assert.DoesNotContain("8bit", converted, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Text_without_mime_gets_a_charset_that_nobody_knows()
    {
        var converted = Convert("Subject: old\r\n\r\nMany Gr\u00FC\u00DFe to all of you from everybody here\r\n")!;
        Assert.Contains("MIME-Version: 1.0\r\n", converted, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("charset=unknown-8bit", converted, StringComparison.Ordinal);
        Assert.Contains("=C3=BC", converted, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_long_lines_are_encoded()
    {
        var text = new string('x', 2000);
        var converted = Convert(Header + $"Content-Type: text/plain\r\n\r\n{text}\r\n")!;
        Assert.Equal(text, Parse(converted).TextBody!.TrimEnd());
    }

    [Fact]
    public void Seven_bit_message_stays_as_it_is()
    {
        const string Message = Header + "Content-Type: text/plain\r\n\r\nplain\r\n";
        Assert.Equal(Message, Convert(Message));
    }

    [Theory]
    [InlineData("Subject: Gr\u00FC\u00DFe\r\n\r\nplain\r\n")]
    [InlineData("")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: \u00FC\r\n\r\nplain\r\n--b--\r\n")]
    [InlineData("Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\r\n\r\n"
        + "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00FC\r\n"
        + "--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("Content-Type: message/partial; id=x; number=1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00FC\r\n")]
    public void What_cannot_be_had_in_7_bits_is_refused(string message) => Assert.Null(Convert(message));

    [Fact]
    public void Signed_message_of_7_bits_keeps_its_octets()
    {
        const string Signed = "MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
            + "--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n";
        Assert.Equal(Signed, Convert(Signed));
    }

    [Fact]
    public void Whatever_comes_in_only_7_bit_lines_come_out() =>
        MessageLike.Sample(octets =>
        {
            if (Convert(octets) is { } converted)
            {
                Assert.True(Ascii.IsValid(converted));
                Assert.EndsWith("\r\n", converted, StringComparison.Ordinal);
                Assert.All(converted.Split("\r\n"), line =>
                {
                    Assert.InRange(line.Length, 0, 998);
                    Assert.DoesNotContain(line, c => c is '\r' or '\n' or '\0');
                });
            }
        });

    [Theory]
    [InlineData("a\r\n", true)]
    [InlineData("", true)]
    [InlineData("a", false)]
    [InlineData("a\r", false)]
    [InlineData("a\n", false)]
    [InlineData("a\rb\r\n", false)]
    [InlineData("a\r\r\n", false)]
    [InlineData("a\0\r\n", false)]
    [InlineData("\u00FC\r\n", false)]
    public void Guard_sees_what_is_no_7_bit_text(string text, bool expected)
    {
        using var inner = new MemoryStream();
        using var guard = new SevenBitGuard(inner);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            guard.Write([octet]);
        }

        Assert.Equal(expected, guard.IsSevenBitText);
        Assert.Equal(text, Encoding.UTF8.GetString(inner.ToArray()));
    }

    [Theory]
    [InlineData(998, true)]
    [InlineData(999, false)]
    public void Guard_counts_the_octets_of_a_line(int length, bool expected)
    {
        using var guard = new SevenBitGuard(Stream.Null);
        guard.Write(Encoding.ASCII.GetBytes(new string('x', length) + "\r\n"));
        Assert.Equal(expected, guard.IsSevenBitText);
    }

    private static string? Convert(string message) => Convert(Encoding.UTF8.GetBytes(message));

    private static string? Convert(byte[] message)
    {
        using var original = new MemoryStream(message);
        using var converted = new MemoryStream();
        return SevenBitConverter.TryConvert(original, converted) ? Encoding.UTF8.GetString(converted.ToArray()) : null;
    }

    private static MimeMessage Parse(string message)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(message));
        return MimeMessage.Load(stream);
    }
}
