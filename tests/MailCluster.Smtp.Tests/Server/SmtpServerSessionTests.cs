using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Smtp.Server;

namespace MailCluster.Smtp.Tests.Server;

/// <summary>What a dialogue cannot show: facts, envelopes, effects, and an exchange that is never the same.</summary>
public sealed class SmtpServerSessionTests
{
    private static readonly SmtpServerOptions Options = new()
    {
        Hostname = DomainName.Parse("mail.hamburger.edu"),
        TlsAvailable = true,
    };

    private readonly ScriptedHost _host = new(Options, secure: false);

    [Fact]
    public void Facts_follow_the_dialogue()
    {
        var session = _host.Session;
        Assert.Equal((SessionState.Connected, null, false), (session.State, session.HeloName, session.IsInTransaction));
        Say("EHLO crepes.fr");
        Assert.Equal((SessionState.Greeted, "crepes.fr"), (session.State, session.HeloName));
        Assert.Null(session.ReversePath);
        Say("MAIL FROM:<>");
        Assert.Equal((SessionState.Sender, true), (session.State, session.IsInTransaction));
        Assert.Equal(ReversePath.Null, session.ReversePath);
        Say("RCPT TO:<bob@hamburger.edu>");
        Assert.Equal((SessionState.Recipients, false), (session.State, session.IsReceivingContent));
        Say("DATA");
        Assert.True(session.IsReceivingContent);
        Say("body");
        Assert.True(session.IsReceivingContent);
        Say(".");
        Assert.Equal((SessionState.Greeted, false, 1), (session.State, session.IsReceivingContent, session.AcceptedMessages));
        Assert.Equal("250 2.0.0 Ok: queued", session.LastReply!.ToString());
    }

    [Fact]
    public void Envelope_has_all_that_was_said()
    {
        Say("EHLO x");
        Say("MAIL FROM:<a@b.example> BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=QQ");
        Say("RCPT TO:<bob@hamburger.edu> NOTIFY=NEVER");
        Say("RCPT TO:<nobody@hamburger.edu>");
        Say("RCPT TO:<alice@hamburger.edu> ORCPT=rfc822;al@x.example");
        Say("DATA");
        Say("body\r\n.");
        var (envelope, _) = Assert.Single(_host.Committed);
        Assert.Equal("<a@b.example>", envelope.ReversePath.ToString());
        Assert.Equal(
            (BodyType.EightBitMime, true, DsnReturn.Full, "QQ"),
            (envelope.BodyType, envelope.Utf8, envelope.Return, envelope.EnvelopeId));
        Assert.Equal(
            ["<bob@hamburger.edu> Never ", "<alice@hamburger.edu> Unspecified rfc822;al@x.example"],
            envelope.Recipients.Select(r => $"{r.Path} {r.Notify} {r.OriginalRecipient}"));
        Assert.All(envelope.Recipients, r => Assert.Single(r.Resolved));
    }

    [Fact]
    public void Nothing_of_a_transaction_is_left_for_the_next()
    {
        Say("EHLO x");
        Say("MAIL FROM:<a@b.example> BODY=8BITMIME RET=FULL ENVID=QQ");
        Say("RCPT TO:<bob@hamburger.edu> NOTIFY=NEVER");
        Say("RSET");
        Say("MAIL FROM:<>");
        Say("RCPT TO:<alice@hamburger.edu>");
        Say("DATA");
        Say("body\r\n.");
        var (envelope, body) = Assert.Single(_host.Committed);
        Assert.Equal(
            (BodyType.SevenBit, DsnReturn.Unspecified, null), (envelope.BodyType, envelope.Return, envelope.EnvelopeId));
        Assert.Equal("<alice@hamburger.edu>", Assert.Single(envelope.Recipients).Path.ToString());
        Assert.DoesNotContain("bob", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipient_among_others_is_not_told_in_the_trace_header()
    {
        Deliver("RCPT TO:<bob@hamburger.edu>\r\nRCPT TO:<alice@hamburger.edu>\r\n", "body\r\n");
        Assert.DoesNotContain(" for ", _host.Committed[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_message_is_one_piece()
    {
        Deliver("RCPT TO:<bob@hamburger.edu>\r\n", "Subject: x\r\n\r\nbody\r\n");
        Assert.Equal(1, _host.Writes);
    }

    [Fact]
    public void A_large_message_comes_in_bounded_pieces()
    {
        const int Lines = 100_000;
        Say("HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA");
        for (var i = 0; i < Lines / 100; i++)
        {
            _host.Feed(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789 0123456789\r\n", 100))));
        }

        Say(".");
        Assert.InRange(_host.LargestWrite, 1, 2 * ContentReceiver.PieceSize);
        Assert.EndsWith(string.Concat(Enumerable.Repeat("0123456789 0123456789\r\n", 1000)), _host.Committed[0].Body, StringComparison.Ordinal);
        Assert.Equal(Lines, _host.Committed[0].Body.Split("0123456789 0123456789\r\n").Length - 1);
    }

    /// <summary>Wherever a piece ends: in the header, at its end, behind it.</summary>
    [Fact]
    public void Missing_fields_are_added_wherever_a_piece_ends()
    {
        for (var length = ContentReceiver.PieceSize - 400; length < ContentReceiver.PieceSize + 20; length++)
        {
            var host = new ScriptedHost(
                Options with { Role = SmtpRole.Submission, PlaintextAuthAllowed = true }, secure: false);
            var header = $"Subject: {new string('y', length)}\r\n";
            host.Feed(Encoding.ASCII.GetBytes(DialogText.Expand(
                "EHLO x\r\nAUTH PLAIN base64{\\0bob@hamburger.edu\\0${bob}}\r\nMAIL FROM:<>\r\nRCPT TO:<bob@hamburger.edu>\r\n")
                + $"BDAT {header.Length} LAST\r\n{header}"));
            Assert.Contains("yy\r\nDate: Mon, 23 Nov", Assert.Single(host.Committed).Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("RSET")]
    [InlineData("EHLO y")]
    [InlineData("BDAT 1 LAST\r\n\n")]
    public void Content_that_was_begun_is_given_up_with_its_transaction(string command)
    {
        Say("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<bob@hamburger.edu>\r\nBDAT 3\r\na");
        Assert.Equal((0, SessionState.Chunks), (_host.Abandoned, _host.Session.State));
        Say(command);
        Assert.Equal((1, SessionState.Greeted), (_host.Abandoned, _host.Session.State));
        Assert.Empty(_host.Committed);
    }

    [Fact]
    public void Scram_logs_in_without_showing_the_password()
    {
        Say("EHLO x");
        Assert.EndsWith("235 2.7.0 Authentication succeeded\r\n", Scram("alice@hamburger.edu", "ketchup"), StringComparison.Ordinal);
        Assert.Equal("alice@hamburger.edu", _host.Session.Login!.Address);
    }

    [Theory]
    [InlineData("alice@hamburger.edu", "wrong")]
    [InlineData("nobody@hamburger.edu", "ketchup")]
    public void Scram_refuses_what_is_wrong(string user, string password)
    {
        Say("EHLO x");
        Assert.EndsWith("535 5.7.8 Authentication failed\r\n", Scram(user, password), StringComparison.Ordinal);
        Assert.Null(_host.Session.Login);
    }

    [Theory]
    [InlineData(SmtpShutdownReason.IdleTimeout, "421 4.4.2 Timeout\r\n")]
    [InlineData(SmtpShutdownReason.ServiceStopping, "421 4.3.2 Service stopping, try again\r\n")]
    public void Shut_down_says_why_and_ends_the_session(SmtpShutdownReason reason, string expected)
    {
        var replies = new ArrayBufferWriter<byte>();
        _host.Session.ShutDown(reason, replies);
        Assert.Equal(expected, Encoding.ASCII.GetString(replies.WrittenSpan));
        Say("NOOP");
        Assert.True(_host.IsClosed);
    }

    [Fact]
    public void The_greeting_can_be_chosen()
    {
        var host = new ScriptedHost(Options with { Greeting = "ESMTP at your service" }, secure: false);
        Assert.Equal("220 mail.hamburger.edu ESMTP at your service\r\n", host.Replies);
    }

    [Fact]
    public void No_password_shows_in_the_text_of_an_effect() =>
        Assert.DoesNotContain("pickles", new SessionEffect.CheckPassword("bob", "pickles").ToString(), StringComparison.Ordinal);

    [Fact]
    public void The_trace_header_tells_how_the_message_came()
    {
        Say("HELO crepes.fr");
        Deliver("RCPT TO:<bob@hamburger.edu>\r\n", "Subject: x\r\n\r\nbody\r\n", hello: false);
        Assert.Equal(
            "Received: from crepes.fr ([192.0.2.7])\r\n\tby mail.hamburger.edu with SMTP\r\n"
            + "\tid 00000000000000000000000001 for <bob@hamburger.edu>;\r\n\tMon, 23 Nov 2026 03:32:28 +0000\r\n"
            + "Subject: x\r\n\r\nbody\r\n",
            _host.Committed[0].Body);
    }

    private void Deliver(string recipients, string body, bool hello = true) =>
        Say($"{(hello ? "EHLO x\r\n" : "")}MAIL FROM:<>\r\n{recipients}DATA\r\n{body}.");

    private string Say(string line)
    {
        _host.ForgetReplies();
        _host.Feed(Encoding.UTF8.GetBytes(line + "\r\n"));
        return _host.Replies;
    }

    /// <summary>The client's side of RFC 5802 §3.</summary>
    private string Scram(string user, string password)
    {
        var bare = $"n={user},r=abc";
        var challenge = Say("AUTH SCRAM-SHA-256 " + Encode("n,," + bare));
        var first = Encoding.UTF8.GetString(Convert.FromBase64String(challenge["334 ".Length..].TrimEnd()));
        var fields = first.Split(',').ToDictionary(field => field[0], field => field[2..]);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Convert.FromBase64String(fields['s']),
            int.Parse(fields['i'], System.Globalization.CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        var key = HMACSHA256.HashData(salted, "Client Key"u8);
        var signed = Encoding.UTF8.GetBytes($"{bare},{first},c=biws,r={fields['r']}");
        var signature = HMACSHA256.HashData(SHA256.HashData(key), signed);
        var proof = Convert.ToBase64String([.. key.Zip(signature, (a, b) => (byte)(a ^ b))]);
        var reply = Say(Encode($"c=biws,r={fields['r']},p={proof}"));
        return reply.StartsWith("334 ", StringComparison.Ordinal) ? Say("") : reply;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
