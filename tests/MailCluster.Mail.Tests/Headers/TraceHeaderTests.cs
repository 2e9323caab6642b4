using System.Net;
using System.Text;
using CsCheck;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Headers;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Tests.Headers;

public sealed class TraceHeaderTests
{
    private static readonly ReceivedField Plain = new()
    {
        HeloName = "client.example",
        PeerAddress = IPAddress.Parse("192.0.2.1"),
        ByDomain = "mx.example.org",
        Protocol = "ESMTP",
        QueueId = new QueueId(1),
        At = DateTimeOffset.FromUnixTimeSeconds(0),
    };

    [Fact]
    public void Received_names_client_server_protocol_id_and_time() => Assert.Equal(
        "Received: from client.example ([192.0.2.1])\r\n"
        + "\tby mx.example.org with ESMTP\r\n"
        + "\tid 00000000000000000000000001;\r\n"
        + "\tThu, 1 Jan 1970 00:00:00 +0000\r\n",
        TraceHeader.Received(Plain));

    [Fact]
    public void Received_names_tls_and_the_one_recipient() => Assert.Equal(
        "Received: from client.example ([IPv6:2001:db8::1])\r\n"
        + "\tby mx.example.org with ESMTPSA (TLS1.3 TLS_AES_256_GCM_SHA384)\r\n"
        + "\tid 00000000000000000000000001 for <a@b.example>;\r\n"
        + "\tThu, 1 Jan 1970 00:00:00 +0000\r\n",
        TraceHeader.Received(Plain with
        {
            PeerAddress = IPAddress.Parse("2001:db8::1"),
            Protocol = "ESMTPSA",
            TlsDescription = "TLS1.3 TLS_AES_256_GCM_SHA384",
            For = new ForwardPath(MailAddress.Parse("a@b.example")),
        }));

    [Theory]
    [InlineData("::ffff:192.0.2.1", "([192.0.2.1])")]
    [InlineData("fe80::1%3", "([IPv6:fe80::1])")]
    public void Peer_address_is_a_literal_of_the_grammar(string peer, string expected) => Assert.Contains(
        expected, TraceHeader.Received(Plain with { PeerAddress = IPAddress.Parse(peer) }), StringComparison.Ordinal);

    [Theory]
    [InlineData("evil\r\nBcc: x", "from evil??Bcc:?x (")]
    [InlineData("a (comment) <b>", "from a??comment???b? (")]
    [InlineData("[IPv6:::1]", "from [IPv6:::1] (")]
    [InlineData("b\u00FCcher", "from b?cher (")]
    [InlineData("", "from unknown (")]
    public void Helo_name_cannot_break_the_field(string helo, string expected) => Assert.Contains(
        expected, TraceHeader.Received(Plain with { HeloName = helo }), StringComparison.Ordinal);

    [Fact]
    public void Recipient_beyond_ascii_is_named_only_in_utf8_mail()
    {
        var field = Plain with { For = new ForwardPath(MailAddress.Parse("\u00E9@b.example")) };
        Assert.DoesNotContain(" for ", TraceHeader.Received(field), StringComparison.Ordinal);
        Assert.Contains(
            " for <\u00E9@b.example>", TraceHeader.Received(field with { Protocol = "UTF8SMTPS" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_client_says_there_are_four_short_ascii_lines() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((helo, tls, localPart) =>
        {
            var text = TraceHeader.Received(Plain with
            {
                HeloName = helo,
                TlsDescription = tls,
                For = new ForwardPath(new MailAddress(localPart, DomainName.Parse("b.example"))),
            });
            Assert.True(Ascii.IsValid(text));
            var lines = text.Split("\r\n");
            Assert.Equal(5, lines.Length);
            Assert.Equal("", lines[4]);
            Assert.All(lines, line => Assert.DoesNotContain(line, c => c != '\t' && char.IsControl(c)));
            Assert.All(lines[1..4], line => Assert.StartsWith("\t", line, StringComparison.Ordinal));
        });

    [Fact]
    public void Final_delivery_adds_return_path_and_delivered_to()
    {
        Assert.Equal("Return-Path: <>\r\n", TraceHeader.ReturnPath(ReversePath.Null));
        Assert.Equal(
            "Return-Path: <\"a b\"@c.example>\r\n",
            TraceHeader.ReturnPath(new ReversePath(MailAddress.Parse("\"a b\"@c.example"))));
        Assert.Equal("Delivered-To: a@c.example\r\n", TraceHeader.DeliveredTo(MailAddress.Parse("a@c.example")));
        Assert.Equal(
            "Delivered-To: \"a??Bcc: x\"@c.example\r\n",
            TraceHeader.DeliveredTo(new MailAddress("a\r\nBcc: x", DomainName.Parse("c.example"))));
    }
}
