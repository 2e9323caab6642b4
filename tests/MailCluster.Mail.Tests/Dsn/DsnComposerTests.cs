using System.Text;
using CsCheck;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Dsn;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MimeKit;

namespace MailCluster.Mail.Tests.Dsn;

public sealed class DsnComposerTests
{
    private const string Original = "Subject: hello\r\nFrom: a@b.example\r\n\r\nBody of the message.\r\n";

    private static readonly DsnRecipient Failed = new()
    {
        Final = new ForwardPath(MailAddress.Parse("user@remote.example")),
        OriginalRecipient = "rfc822;User+2BTag@remote.example",
        Action = DsnAction.Failed,
        Status = EnhancedStatusCode.NoSuchMailbox,
        RemoteReply = new Reply(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchMailbox, ["no such user", "go away"]),
        RemoteMta = "mx.remote.example",
        LastAttempt = new DateTimeOffset(2026, 11, 23, 4, 0, 0, TimeSpan.Zero),
    };

    private static readonly DsnReport Report = new()
    {
        ReportingMta = DomainName.Parse("mx.own.example"),
        Recipient = MailAddress.Parse("sender@own.example"),
        ArrivalDate = new DateTimeOffset(2026, 11, 23, 3, 32, 28, TimeSpan.Zero),
        Now = new DateTimeOffset(2026, 11, 23, 4, 0, 1, TimeSpan.Zero),
        EnvelopeId = "QQ+2B314159",
        QueueId = new QueueId(31),
        Recipients = [Failed],
    };

    [Fact]
    public void Header_says_who_writes_to_whom_and_that_nobody_should_answer()
    {
        var message = Parse(Report, Original);
        Assert.Equal("\"Mail Delivery System\" <MAILER-DAEMON@mx.own.example>", message.From.ToString());
        Assert.Equal("sender@own.example", message.To.Mailboxes.Single().Address);
        Assert.Equal("Delivery failed: your message was not delivered", message.Subject);
        Assert.Equal(Report.Now, message.Date);
        Assert.Equal("0000000000000000000000000Z@mx.own.example", message.MessageId);
        Assert.Equal("auto-replied", message.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("1.0", message.Headers[HeaderId.MimeVersion]);
    }

    [Fact]
    public void Body_is_a_report_of_three_parts()
    {
        var report = Assert.IsType<MultipartReport>(Parse(Report, Original).Body);
        Assert.Equal("delivery-status", report.ReportType);
        Assert.Equal(
            ["text/plain", "message/delivery-status", "text/rfc822-headers"],
            report.Select(part => part.ContentType.MimeType));
    }

    [Fact]
    public void Status_part_has_the_fields_of_rfc_3464()
    {
        var groups = Status(Parse(Report, Original)).StatusGroups;
        Assert.Equal(2, groups.Count);
        Assert.Equal(
            ["Original-Envelope-Id: QQ+314159", "Reporting-MTA: dns; mx.own.example", "Arrival-Date: Mon, 23 Nov 2026 03:32:28 +0000"],
            groups[0].Select(Text));
        Assert.Equal(
            [
                "Original-Recipient: rfc822; User+Tag@remote.example",
                "Final-Recipient: rfc822; user@remote.example",
                "Action: failed",
                "Status: 5.1.1",
                "Remote-MTA: dns; mx.remote.example",
                "Diagnostic-Code: smtp; 550 5.1.1 no such user go away",
                "Last-Attempt-Date: Mon, 23 Nov 2026 04:00:00 +0000",
            ],
            groups[1].Select(Text));
    }

    [Fact]
    public void Notice_names_each_recipient_and_the_words_of_the_remote()
    {
        var notice = Parse(Report, Original).TextBody;
        Assert.Contains("This is the mail server mx.own.example.", notice, StringComparison.Ordinal);
        Assert.Contains("<user@remote.example>", notice, StringComparison.Ordinal);
        Assert.Contains("server mx.remote.example said: 550 5.1.1 no such user", notice, StringComparison.Ordinal);
        Assert.Contains("could not be delivered", notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DsnAction.Failed, "failed", "Delivery failed")]
    [InlineData(DsnAction.Delayed, "delayed", "Delivery delayed")]
    [InlineData(DsnAction.Delivered, "delivered", "your message was delivered")]
    [InlineData(DsnAction.Relayed, "relayed", "was passed on")]
    [InlineData(DsnAction.Expanded, "expanded", "given to a list")]
    public void Each_action_has_its_word_and_its_subject(DsnAction action, string word, string subject)
    {
        var message = Parse(Report with { Recipients = [Failed with { Action = action }] }, Original);
        Assert.Equal(word, Status(message).StatusGroups[1]["Action"]);
        Assert.Contains(subject, message.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Delay_tells_until_when_it_is_tried()
    {
        var until = new DateTimeOffset(2026, 11, 28, 3, 32, 28, TimeSpan.Zero);
        var delayed = Failed with { Action = DsnAction.Delayed, WillRetryUntil = until };
        var message = Parse(Report with { Recipients = [delayed] }, Original);
        Assert.Equal("Sat, 28 Nov 2026 03:32:28 +0000", Status(message).StatusGroups[1]["Will-Retry-Until"]);
        Assert.Contains("again until Sat, 28 Nov 2026", message.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public void Worst_outcome_gives_the_subject_and_every_recipient_has_a_group()
    {
        var message = Parse(Report with { Recipients = [Failed with { Action = DsnAction.Relayed }, Failed] }, Original);
        Assert.StartsWith("Delivery failed", message.Subject, StringComparison.Ordinal);
        Assert.Equal(3, Status(message).StatusGroups.Count);
    }

    [Fact]
    public void Full_return_embeds_the_octets_of_the_message()
    {
        var composed = DsnComposer.Compose(Report with { Return = DsnReturn.Full }, Octets(Original), true);
        Assert.Equal(BodyType.SevenBit, composed.BodyType);
        Assert.True(composed.Octets.AsSpan().IndexOf(Octets("\r\n\r\n" + Original + "\r\n--=_")) > 0);
        var returned = Assert.IsType<MessagePart>(Parts(Parse(composed))[2]);
        Assert.Equal("hello", returned.Message!.Subject);
        Assert.Equal("Body of the message.", returned.Message.TextBody!.TrimEnd());
    }

    [Theory]
    [InlineData(DsnReturn.Headers, DsnAction.Failed, true)]
    [InlineData(DsnReturn.Unspecified, DsnAction.Failed, true)]
    [InlineData(DsnReturn.Full, DsnAction.Delayed, true)]
    [InlineData(DsnReturn.Full, DsnAction.Failed, false)]
    public void Otherwise_only_the_header_is_returned(DsnReturn wanted, DsnAction action, bool complete)
    {
        var report = Report with { Return = wanted, Recipients = [Failed with { Action = action }] };
        var message = Parse(DsnComposer.Compose(report, Octets(Original), complete));
        Assert.Equal("Subject: hello\r\nFrom: a@b.example\r\n", Content(Parts(message)[2]));
    }

    [Fact]
    public void Without_anything_of_the_original_there_are_two_parts() =>
        Assert.Equal(2, Parts(Parse(Report, "")).Count);

    [Fact]
    public void Eight_bit_message_is_returned_as_it_is_and_declared()
    {
        const string EightBit = "Subject: hello\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\u00FC\u00DFe\r\n";
        var composed = DsnComposer.Compose(Report with { Return = DsnReturn.Full }, Octets(EightBit), true);
        Assert.Equal((BodyType.EightBitMime, false), (composed.BodyType, composed.Utf8));
        var part = Assert.IsType<MessagePart>(Parts(Parse(composed))[2]);
        Assert.Equal("8bit", part.Headers[HeaderId.ContentTransferEncoding]);
        Assert.Equal("Gr\u00FC\u00DFe", part.Message!.TextBody!.TrimEnd());
    }

    [Fact]
    public void Eight_bit_header_alone_is_quoted_so_that_the_dsn_stays_7_bit()
    {
        var composed = DsnComposer.Compose(Report, Octets("Subject: Gr\u00FC\u00DFe\r\nTo: x\r\n\r\n"), true);
        Assert.Equal((BodyType.SevenBit, false), (composed.BodyType, composed.Utf8));
        var part = Parts(Parse(composed))[2];
        Assert.Equal("utf-8", part.ContentType.Charset);
        Assert.Equal("Subject: Gr\u00FC\u00DFe\r\nTo: x\r\n", Content(part));
    }

    [Theory]
    [InlineData("Subject: x\r\n\r\nbare\nLF\r\n")]
    [InlineData("Subject: x\r\n\r\nNUL\0\r\n")]
    public void Binary_message_gives_its_header_only(string original)
    {
        var message = Parse(DsnComposer.Compose(Report with { Return = DsnReturn.Full }, Octets(original), true));
        Assert.Equal("Subject: x\r\n", Content(Parts(message)[2]));
    }

    [Fact]
    public void Long_header_is_cut_at_a_line()
    {
        var line = $"X-Filler: {new string('x', 88)}\r\n";
        var original = string.Concat(Enumerable.Repeat(line, 1000)) + "\r\n";
        var header = Content(Parts(Parse(Report, original))[2]);
        Assert.Equal(64 * 1024 / line.Length * line.Length, header.Length);
    }

    [Fact]
    public void Utf8_message_gets_the_parts_of_rfc_6533()
    {
        var composed = DsnComposer.Compose(
            Report with
            {
                Utf8 = true,
                Return = DsnReturn.Full,
                Recipient = MailAddress.Parse("s\u00E9nder@own.example"),
                Recipients = [Failed with { Final = new ForwardPath(MailAddress.Parse("us\u00E9r@b\u00FCcher.example")) }],
            },
            Octets("Subject: Gr\u00FC\u00DFe\r\n\r\nx\r\n"),
            true);
        Assert.Equal((BodyType.EightBitMime, true), (composed.BodyType, composed.Utf8));
        var message = Parse(composed);
        Assert.Equal("s\u00E9nder@own.example", message.To.Mailboxes.Single().Address);
        Assert.Equal(
            ["text/plain", "message/global-delivery-status", "message/global"],
            Parts(message).Select(part => part.ContentType.MimeType));
        Assert.Contains(
            "\r\nFinal-Recipient: utf-8; us\u00E9r@b\u00FCcher.example\r\n", Encoding.UTF8.GetString(composed.Octets), StringComparison.Ordinal);
    }

    [Fact]
    public void Utf8_transaction_with_nothing_beyond_ascii_gets_a_plain_dsn()
    {
        var composed = DsnComposer.Compose(Report with { Utf8 = true }, Octets(Original), true);
        Assert.Equal((BodyType.SevenBit, false), (composed.BodyType, composed.Utf8));
    }

    [Fact]
    public void Address_beyond_ascii_has_a_7_bit_form_for_other_readers()
    {
        var recipient = Failed with { Final = new ForwardPath(MailAddress.Parse("\u00E9@b.example")), OriginalRecipient = null };
        var group = Status(Parse(Report with { Recipients = [recipient] }, Original)).StatusGroups[1];
        Assert.Equal("utf-8; \\x{E9}@b.example", group["Final-Recipient"]);
        Assert.False(group.Contains("Original-Recipient"));
    }

    [Fact]
    public void Blanks_in_a_quoted_local_part_survive()
    {
        var message = Parse(Report with { Recipient = MailAddress.Parse("\"a   b\"@own.example") }, Original);
        Assert.Equal("\"a   b\"@own.example", message.To.Mailboxes.Single().Address);
    }

    [Fact]
    public void Boundary_never_occurs_in_what_is_returned()
    {
        var original = $"Subject: x\r\n\r\n--=_{Report.QueueId}--\r\n";
        var message = Parse(DsnComposer.Compose(Report with { Return = DsnReturn.Full }, Octets(original), true));
        Assert.Equal($"=_{Report.QueueId}_", Parts(message).Boundary);
        Assert.Equal(3, Parts(message).Count);
    }

    [Fact]
    public void Whatever_strangers_say_the_dsn_is_lines_of_998_octets_and_parses() =>
        Gen.Select(Gen.String, Gen.String[0, 3000], Gen.String, Gen.Byte.Array[0, 200], Gen.Bool)
            .Sample((remote, words, localPart, original, full) =>
            {
                var recipient = Failed with
                {
                    Final = new ForwardPath(new MailAddress(localPart, DomainName.Parse("b.example"))),
                    OriginalRecipient = $"rfc822;{Xtext.Encode(words)}",
                    RemoteMta = remote,
                    RemoteReply = new Reply(ReplyCode.MailboxUnavailable, null, [words, words]),
                };
                var report = Report with
                {
                    Recipients = [recipient, recipient],
                    EnvelopeId = Xtext.Encode(words),
                    Return = full ? DsnReturn.Full : DsnReturn.Headers,
                };
                var octets = DsnComposer.Compose(report, original, true).Octets;
                Assert.All(Encoding.Latin1.GetString(octets).Split("\r\n"), line =>
                {
                    Assert.InRange(line.Length, 0, 998);
                    Assert.DoesNotContain(line, c => c is '\r' or '\n' or '\0');
                });
                Assert.Equal(3, Status(Parse(octets)).StatusGroups.Count);
            });

    private static byte[] Octets(string text) => Encoding.UTF8.GetBytes(text);

    private static MimeMessage Parse(DsnReport report, string original) =>
        Parse(DsnComposer.Compose(report, Octets(original), originalIsComplete: true));

    private static MimeMessage Parse(ComposedDsn composed) => Parse(composed.Octets);

    private static MimeMessage Parse(byte[] octets)
    {
        using var stream = new MemoryStream(octets);
        return MimeMessage.Load(stream);
    }

    private static MessageDeliveryStatus Status(MimeMessage message) =>
        Assert.IsType<MessageDeliveryStatus>(Parts(message)[1]);

    private static MultipartReport Parts(MimeMessage message) => Assert.IsType<MultipartReport>(message.Body);

    private static string Text(Header field) => $"{field.Field}: {field.Value}";

    private static string Content(MimeEntity part)
    {
        using var content = new MemoryStream();
        if (part is MimePart mime)
        {
            mime.Content!.DecodeTo(content);
        }
        else
        {
            Assert.IsType<TextRfc822Headers>(part).Message!.Headers.WriteTo(content);
        }

        return Encoding.UTF8.GetString(content.ToArray()).ReplaceLineEndings("\r\n").TrimEnd() + "\r\n";
    }
}
