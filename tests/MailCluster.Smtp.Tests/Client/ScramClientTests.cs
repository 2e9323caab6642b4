using System.Text;
using MailCluster.Mail.Sasl;
using MailCluster.Smtp.Client;
using MailCluster.Smtp.Client.Sasl;

namespace MailCluster.Smtp.Tests.Client;

/// <summary>Our side of SCRAM-SHA-256: against the example of RFC 7677 §3, our own server, and servers that lie.</summary>
public sealed class ScramClientTests
{
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string Both = Nonce + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ServerFirst = $"r={Both},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private readonly ScramClient _client = new(new SmtpCredentials("user", "pencil"), Nonce);

    [Fact]
    public void The_example_of_rfc_7677_is_played_to_its_end()
    {
        Assert.Equal($"n,,n=user,r={Nonce}", Encoding.UTF8.GetString(_client.Start()));
        Assert.Equal(
            $"c=biws,r={Both},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            Encoding.UTF8.GetString(_client.Answer(Encoding.UTF8.GetBytes(ServerFirst))!));
        Assert.False(_client.MayEnd);
        Assert.Empty(_client.Answer(Encoding.UTF8.GetBytes(ServerFinal))!);
        Assert.True(_client.MayEnd);
    }

    [Theory]
    [InlineData("bob@hamburger.edu", "pickles")]
    [InlineData("a=b,c", "p,=x")]
    public void Our_own_server_is_content_and_proves_itself(string name, string password)
    {
        var client = new ScramClient(new SmtpCredentials(name, password));
        var server = SaslExchange.Begin(client.Mechanism)!;
        server.Start();
        Assert.Equal(name, Assert.IsType<SaslStep.NeedVerifier>(server.Receive(client.Start())).UserName);
        var first = Assert.IsType<SaslStep.Challenge>(server.Resume(ScramVerifier.Create(password)));
        var final = Assert.IsType<SaslStep.Challenge>(server.Receive(client.Answer(first.Octets.Span)));
        var end = server.Receive(client.Answer(final.Octets.Span));
        Assert.Equal(name, Assert.IsType<SaslStep.Succeeded>(end).UserName);
        Assert.True(client.MayEnd);
    }

    [Theory]
    [InlineData("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")] // not our nonce
    [InlineData($"r={Nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")] // nothing of the server's in it
    [InlineData($"r={Both},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")] // cheap to guess from
    [InlineData($"r={Both},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000")] // would keep us busy
    [InlineData($"r={Both},s=?,i=4096")]
    [InlineData($"m=x,r={Both},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")] // RFC 5802 §5.1: an extension that must be known
    [InlineData("")]
    public void A_first_message_that_makes_no_sense_is_not_answered(string message)
    {
        _client.Start();
        Assert.Null(_client.Answer(Encoding.UTF8.GetBytes(message)));
        Assert.Null(_client.Answer(Encoding.UTF8.GetBytes(ServerFirst)));
        Assert.False(_client.MayEnd);
    }

    [Theory]
    [InlineData("v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    [InlineData("v=")]
    [InlineData("e=invalid-proof")]
    public void A_server_that_does_not_know_the_password_is_found_out(string message)
    {
        _client.Start();
        _client.Answer(Encoding.UTF8.GetBytes(ServerFirst));
        Assert.Null(_client.Answer(Encoding.UTF8.GetBytes(message)));
        Assert.False(_client.MayEnd);
    }
}
