using CsCheck;
using MailCluster.Mail.Envelopes;
using MailCluster.Smtp.Client;

namespace MailCluster.Smtp.Tests.Client;

public sealed class SmtpClientSessionTests
{
    private const string Greeting = "220 mx.example ESMTP\n";
    private const string Modern = "250-mx.example\n250-PIPELINING\n250-8BITMIME\n250-SMTPUTF8\n250-DSN\n250 SIZE 100000\n";

    [Fact]
    public void A_pipelined_message_goes_out_in_one_write()
    {
        var server = Ready(Modern);

        Assert.Equal(
            "MAIL FROM:<a@b.example> SIZE=1000\nRCPT TO:<x@c.example>\nRCPT TO:<y@c.example>\nDATA\n",
            server.Begin(ClientHarness.Message("x@c.example", "y@c.example")));
        server.Say("250 ok\n250 ok\n550 5.1.1 no\n354 go\n");
        Assert.IsType<ClientEffect.SendContent>(server.Asked);
        server.Do(session => session.ContentSent());
        server.Say("250 2.0.0 taken\n");

        var result = Assert.Single(server.Results);
        Assert.IsType<RecipientResult.Delivered>(result.Recipients[0]);
        Assert.Equal("550 5.1.1 no", Assert.IsType<RecipientResult.Refused>(result.Recipients[1]).Reply.ToString());
        Assert.True(server.Session.IsReady);
    }

    [Fact]
    public void Without_pipelining_each_command_waits_for_its_reply()
    {
        var server = Ready("250 old.example\n");

        Assert.Equal("MAIL FROM:<a@b.example>\n", server.Begin(ClientHarness.Message("x@c.example", "y@c.example")));
        Assert.Equal("RCPT TO:<x@c.example>\n", server.Say("250 ok\n"));
        Assert.Equal("RCPT TO:<y@c.example>\n", server.Say("250 ok\n"));
        Assert.Equal("DATA\n", server.Say("451 later\n"));
        server.Say("354 go\n");
        server.Do(session => session.ContentSent());
        server.Say("250 taken\n");

        Assert.IsType<RecipientResult.Delivered>(server.Results[0].Recipients[0]);
        Assert.True(server.Results[0].Recipients[1].Reply.IsTransient);
    }

    [Fact]
    public void A_server_that_does_not_know_ehlo_is_greeted_with_helo()
    {
        var server = new ClientHarness();
        Assert.Equal("EHLO mail.hamburger.edu\n", server.Say(Greeting));
        Assert.Equal("HELO mail.hamburger.edu\n", server.Say("502 what?\n"));
        server.Say("250 old.example\n");
        Assert.True(server.Session.IsReady);
    }

    [Fact]
    public void Starttls_is_taken_where_it_is_offered_and_what_was_said_before_is_forgotten()
    {
        var server = new ClientHarness();
        server.Say(Greeting);
        Assert.Equal("STARTTLS\n", server.Say("250-mx.example\n250-DSN\n250 STARTTLS\n"));
        server.Say("220 go\n");
        Assert.IsType<ClientEffect.StartTls>(server.Asked);
        Assert.Equal("EHLO mail.hamburger.edu\n", server.Do(session => session.TlsStarted()));
        server.Say("250 mx.example\n");
        Assert.False(server.Session.Capabilities.Dsn);
        Assert.True(server.Session.IsReady);
    }

    [Theory]
    [InlineData("250 mx.example\n")]
    [InlineData("502 no EHLO here\n")]
    public void Required_tls_that_is_not_offered_means_no_mail(string ehlo)
    {
        var server = new ClientHarness(ClientHarness.Options(TlsPolicy.Required));
        server.Say(Greeting);
        server.Say(ehlo);
        Assert.True(server.Closed!.Reply!.IsTransient);
    }

    [Fact]
    public void A_password_is_never_sent_without_tls()
    {
        var options = ClientHarness.Options() with { Credentials = new SmtpCredentials("user", "secret") };
        var server = new ClientHarness(options);
        server.Say(Greeting);
        Assert.Equal("", server.Say("250-mx.example\n250 AUTH PLAIN\n"));
        Assert.NotNull(server.Closed);
    }

    [Fact]
    public void Where_no_recipient_was_taken_the_content_that_data_asks_for_is_empty()
    {
        var server = Ready(Modern);
        server.Begin(ClientHarness.Message("x@c.example"));
        Assert.Equal(".\n", server.Say("250 ok\n550 no\n354 go\n"));
        server.Say("554 no valid recipients\n");

        Assert.Equal("550 no", server.Results[0].Recipients[0].Reply.ToString());
        Assert.True(server.Session.IsReady);
    }

    [Fact]
    public void A_refused_sender_refuses_every_recipient_with_its_reply()
    {
        var server = Ready(Modern);
        server.Begin(ClientHarness.Message("x@c.example", "y@c.example"));
        Assert.Equal("RSET\n", server.Say("550 5.7.1 not you\n503 mail first\n503 mail first\n503 mail first\n"));

        Assert.All(server.Results[0].Recipients, r => Assert.False(r is RecipientResult.Delivered));
        server.Say("250 ok\n");
        Assert.True(server.Session.IsReady);
    }

    [Fact]
    public void Notices_are_passed_on_where_the_server_knows_them()
    {
        var message = ClientHarness.Message("x@c.example") with { Return = DsnReturn.Headers, EnvelopeId = "QQ314159" };
        message = message with
        {
            Recipients = [message.Recipients[0] with { Notify = DsnNotify.Success | DsnNotify.Delay, OriginalRecipient = "rfc822;x@c.example" }],
        };
        const string Mail = "MAIL FROM:<a@b.example>";

        Assert.Equal(
            $"{Mail} SIZE=1000 RET=HDRS ENVID=QQ314159\nRCPT TO:<x@c.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x@c.example\nDATA\n",
            Ready(Modern).Begin(message));
        Assert.Equal($"{Mail}\n", Ready("250 old.example\n").Begin(message));
    }

    [Theory]
    [InlineData(BodyType.SevenBit, true, 1000, "550 5.6.7")]
    [InlineData(BodyType.SevenBit, false, 100_001, "552 5.3.4")]
    public void What_the_server_cannot_take_is_not_tried(BodyType body, bool utf8, long size, string reply)
    {
        var server = Ready("250-mx.example\n250 SIZE 100000\n");
        Assert.Equal("", server.Begin(ClientHarness.Message("x@c.example") with { BodyType = body, Utf8 = utf8, Size = size }));
        Assert.StartsWith(reply, server.Results[0].Recipients[0].Reply.ToString(), StringComparison.Ordinal);
        Assert.True(server.Session.IsReady);
    }

    [Theory]
    [InlineData(BodyType.EightBitMime)]
    [InlineData(BodyType.BinaryMime)]
    public void Content_that_is_too_wide_for_the_server_is_to_be_converted(BodyType body)
    {
        var server = Ready("250 old.example\n");
        Assert.Equal("", server.Begin(ClientHarness.Message("x@c.example") with { BodyType = body }));
        Assert.True(server.Results[0].NeedsSevenBit);
        Assert.True(server.Session.IsReady);
    }

    [Theory]
    [InlineData("421 4.3.2 going away\n")]
    [InlineData("250 ok\n421 4.3.2 going away\n")]
    [InlineData("250 ok\n250 ok\n421 4.3.2 going away\n")]
    [InlineData("250 ok\ngarbage\n")]
    [InlineData("250 ok\n250-ok\n550 but no\n")]
    [InlineData("")]
    public void Whatever_ends_the_connection_leaves_the_message_for_later(string replies)
    {
        var server = Ready(Modern);
        server.Begin(ClientHarness.Message("x@c.example"));
        server.Say(replies);
        server.Do(session => session.ConnectionLost("reset by peer"));

        var result = Assert.Single(server.Results);
        Assert.True(Assert.IsType<RecipientResult.Refused>(Assert.Single(result.Recipients)).Reply.IsTransient);
        Assert.NotNull(server.Closed);
    }

    [Fact]
    public void Replies_may_come_octet_by_octet()
    {
        var server = new ClientHarness(cut: 1);
        Assert.Equal("EHLO mail.hamburger.edu\n", server.Say("220-mx.example\n220 ESMTP\n"));
        server.Say(Modern);
        server.Begin(ClientHarness.Message("x@c.example"));
        server.Say("250 ok\n250 ok\n354\n");
        Assert.IsType<ClientEffect.SendContent>(server.Asked);
    }

    [Fact]
    public void Random_octets_of_a_server_never_throw_and_every_message_has_one_result_for_each_recipient() =>
        Gen.Select(Gen.OneOf(
            Gen.Const("250 ok\n"), Gen.Const("354 go\n"), Gen.Const("550 5.1.1 no\n"), Gen.Const("451 later\n"),
            Gen.Const("250-more\n"), Gen.Const("421 bye\n"), Gen.Const("\0\xff\n"), Gen.Const("25"), Gen.Const("220 hi\n")).Array[0, 30],
            Gen.Int[1, 5]).Sample((replies, recipients) =>
        {
            var server = Ready(Modern);
            server.Begin(ClientHarness.Message([.. Enumerable.Range(0, recipients).Select(i => $"u{i}@c.example")]));
            foreach (var reply in replies)
            {
                server.Say(reply);
                if (server.Asked is ClientEffect.SendContent && server.Session.Phase == ClientPhase.DataBlock)
                {
                    server.Do(session => session.ContentSent());
                }
            }

            server.Do(session => session.ConnectionLost("end of test"));
            return server.Results.Count == 1 && server.Results[0].Recipients.Length == recipients;
        });

    private static ClientHarness Ready(string ehlo)
    {
        var server = new ClientHarness();
        server.Say(Greeting);
        server.Say(ehlo);
        Assert.True(server.Session.IsReady);
        return server;
    }
}
