using System.Security.Authentication;

namespace MailCluster.Actors.Tests.Connections.Smtp;

/// <summary>RFC 3207, as far as it is not the handshake itself.</summary>
public sealed class SmtpStartTlsTests : SmtpConnectionKit
{
    [Fact]
    public async Task The_session_begins_anew_under_tls_and_says_so_in_the_trace()
    {
        await BeginGreetedAsync();
        await SayAsync("STARTTLS", "220 ");
        await SayAsync("MAIL FROM:<a@b.example>", "503 ");
        await SayAsync("EHLO client.example", "250 ");
        var question = await SendMessageAsync();

        Assert.Contains("with ESMTPS", System.Text.Encoding.UTF8.GetString(Spool.Bodies[question.QueueId.Body]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_in_plaintext_behind_starttls_is_never_read()
    {
        await BeginGreetedAsync();
        await Client.SendAsync("STARTTLS\r\nEHLO injected.example\r\nNOOP\r\n");
        await Client.ExpectAsync("220 ");
        await Client.SendAsync("HELP\r\n");

        await Client.ExpectAsync("214 "); // and not the answers to EHLO and NOOP
    }

    [Fact]
    public async Task A_handshake_that_fails_ends_the_connection_without_a_word()
    {
        Transport.HandshakeFailure = new AuthenticationException("no shared cipher");
        var connection = await BeginGreetedAsync();
        await SayAsync("STARTTLS", "220 ");

        await ExpectClosedAsync(connection);
    }
}
