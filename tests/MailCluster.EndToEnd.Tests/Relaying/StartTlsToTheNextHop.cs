using System.Security.Cryptography.X509Certificates;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class StartTlsToTheNextHop : IDisposable
{
    private readonly X509Certificate2 _certificate = ScriptedNextHop.NewCertificate();

    [Fact]
    public async Task Whoever_offers_tls_gets_it_whatever_the_certificate()
    {
        using var hop = NewHop();
        await using var node = await LiveNode.StartAsync(hop.Route());
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: x\r\n\r\nbody");

        var message = await hop.NextMessageAsync(); // RFC 7435
        Assert.True(message.Secured);
        string[] verbs = [.. hop.Heard.Select(line => line.Text.Split(' ')[0])];
        Assert.Equal(["connect", "EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA", "."], verbs.Take(8));
    }

    [Fact]
    public async Task A_handshake_that_fails_is_no_reason_to_keep_the_mail_where_tls_is_not_required()
    {
        using var hop = new ScriptedNextHop { Keywords = ["STARTTLS"] };
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Queue:RetryDelays:0=500ms"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: x\r\n\r\nbody");

        Assert.False((await hop.NextMessageAsync()).Secured);
        Assert.Equal(2, hop.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_tls_is_required_neither_a_wrong_certificate_nor_none_gets_the_mail(bool offersTls)
    {
        using var hop = offersTls ? NewHop() : new ScriptedNextHop();
        await using var node = await LiveNode.StartAsync(
        [
            .. hop.Route(tls: "required"), "Queue:RetryDelays:0=300ms", "Queue:MaxAge=1s",
            "Queue:DelayNoticeAfter=none",
        ]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: x\r\n\r\nsecret");

        var notice = Assert.Single(await node.WaitForMailAsync("alice", 1));
        Assert.Equal("5.4.7", Maildrop.ReportOf(notice)[1]["Status"]); // it waited in vain until it expired
        Assert.DoesNotContain(hop.Heard, line => line.Text.StartsWith("MAIL", StringComparison.Ordinal));
    }

    public void Dispose() => _certificate.Dispose();

    private ScriptedNextHop NewHop() => new()
    {
        Keywords = ["PIPELINING", "8BITMIME", "STARTTLS"],
        Certificate = _certificate,
    };
}
