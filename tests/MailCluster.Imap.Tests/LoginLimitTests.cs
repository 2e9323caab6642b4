using System.Text;
using MailCluster.Mail.Sasl;

namespace MailCluster.Imap.Tests;

/// <summary>What somebody whom we do not know can make a session keep, do, and hear.</summary>
public sealed class LoginLimitTests
{
    private const int MaxBeforeLogin = 16 * 1024;

    [Theory]
    [InlineData("")]
    [InlineData("a LOGIN ")]
    [InlineData("a AUTHENTICATE PLAIN\r\n")]
    public void A_line_without_end_is_not_kept_before_the_login(string beginning)
    {
        var host = new ScriptedHost(new FakeMailbox());
        Feed(host, beginning + new string('x', MaxBeforeLogin - 100));
        Assert.False(host.IsClosed);
        Feed(host, new string('x', 101));
        Assert.True(host.IsClosed);
        Assert.Contains("* BYE Line is too long\r\n", host.Replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Literals_are_bounded_together_before_the_login()
    {
        var host = new ScriptedHost(new FakeMailbox());
        Feed(host, $"a LOGIN {{10000+}}\r\n{new string('x', 10_000)} {{10000+}}\r\n{new string('x', 10_000)}\r\nb NOOP\r\n");
        Assert.EndsWith("a BAD [TOOBIG] Literal is too large\r\nb OK Done\r\n", host.Replies, StringComparison.Ordinal);
    }

    [Fact]
    public void After_it_a_line_may_be_long()
    {
        var host = new ScriptedHost(new FakeMailbox());
        Feed(host, "a LOGIN bob@hamburger.edu secret\r\nb SELECT \"" + new string('x', 3 * MaxBeforeLogin));
        Feed(host, "\"\r\n");
        Assert.False(host.IsClosed);
        Assert.Contains("\r\nb NO [NONEXISTENT] ", host.Replies, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a LOGIN bob@hamburger.edu secret")]
    [InlineData("a AUTHENTICATE PLAIN")]
    [InlineData("a AUTHENTICATE PLAIN AGJvYkBoYW1idXJnZXIuZWR1AHNlY3JldA==")]
    [InlineData("a AUTHENTICATE LOGIN")]
    public void No_password_is_taken_where_others_can_listen(string command)
    {
        var host = new ScriptedHost(new FakeMailbox(), ScriptedHost.DefaultOptions with { PlaintextAllowed = false });
        Assert.Contains(" STARTTLS LOGINDISABLED AUTH=SCRAM-SHA-256]", host.Replies, StringComparison.Ordinal);
        host.ForgetReplies();
        Feed(host, command + "\r\n");
        Assert.Equal("a NO [PRIVACYREQUIRED] TLS first\r\n", host.Replies);
        Feed(host, "b STARTTLS\r\n");
        host.ForgetReplies();
        Feed(host, "c CAPABILITY\r\n");
        Assert.DoesNotContain("STARTTLS", host.Replies, StringComparison.Ordinal);
        Assert.DoesNotContain("LOGINDISABLED", host.Replies, StringComparison.Ordinal);
        Feed(host, "d LOGIN bob@hamburger.edu secret\r\n");
        Assert.Contains("\r\nd OK ", host.Replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Binding_to_the_channel_is_told_where_there_is_one()
    {
        var host = new ScriptedHost(new FakeMailbox());
        host.Session.ChannelBindings = [new ChannelBinding(ChannelBinding.ServerEndPoint, new byte[32])];
        Feed(host, "a CAPABILITY\r\n");
        Assert.Contains(
            " AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN\r\n", host.Replies, StringComparison.Ordinal);
        Feed(host, $"b AUTHENTICATE SCRAM-SHA-256 {Encode("y,,n=bob@hamburger.edu,r=abc")}\r\n");
        Assert.EndsWith("b NO [AUTHENTICATIONFAILED] Wrong name or password\r\n", host.Replies, StringComparison.Ordinal);
        host.ForgetReplies();
        Feed(host, $"c AUTHENTICATE SCRAM-SHA-256-PLUS {Encode("p=tls-server-end-point,,n=bob@hamburger.edu,r=abc")}\r\n");
        Assert.StartsWith("+ ", host.Replies, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_may_unauthenticate_only_where_that_is_offered()
    {
        var host = new ScriptedHost(new FakeMailbox(), ScriptedHost.DefaultOptions with { UnauthenticateAvailable = false });
        Feed(host, "a LOGIN bob@hamburger.edu secret\r\nb UNAUTHENTICATE\r\nc LIST \"\" INBOX\r\n");
        Assert.DoesNotContain(" UNAUTHENTICATE", host.Replies, StringComparison.Ordinal);
        Assert.Contains("\r\nb BAD Unknown command\r\n* LIST ", host.Replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_passwords_are_counted_over_unauthenticate()
    {
        var host = new ScriptedHost(new FakeMailbox());
        for (var i = 0; i < 3; i++)
        {
            Feed(host, "a LOGIN bob@hamburger.edu wrong\r\nb LOGIN bob@hamburger.edu secret\r\nc UNAUTHENTICATE\r\n");
        }

        Assert.True(host.IsClosed);
    }

    private static void Feed(ScriptedHost host, string text) => host.Feed(Encoding.ASCII.GetBytes(text));

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
