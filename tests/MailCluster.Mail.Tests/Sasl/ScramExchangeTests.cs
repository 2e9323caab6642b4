using System.Text;
using MailCluster.Mail.Sasl;

namespace MailCluster.Mail.Tests.Sasl;

public sealed class ScramExchangeTests
{
    // The example of RFC 7677 §3.
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private const string ClientFinal =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static readonly ScramVerifier Pencil =
        ScramVerifier.Derive("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    private readonly ScramExchange _exchange = new(ServerNonce, [], isBound: false);

    [Fact]
    public void Example_of_rfc_7677_succeeds()
    {
        Assert.Equal("", Text(_exchange.Start()));
        Assert.Equal(new SaslStep.NeedVerifier("user"), Receive(ClientFirst));
        Assert.Equal(ServerFirst, Text(_exchange.Resume(Pencil)));
        Assert.Equal(ServerFinal, Text(Receive(ClientFinal)));
        Assert.Equal(new SaslStep.Succeeded("user"), Receive(""));
    }

    [Fact]
    public void Wrong_password_fails_after_the_proof()
    {
        Receive(ClientFirst);
        _exchange.Resume(ScramVerifier.Derive("pen", Pencil.Salt.AsSpan(), 4096));
        Assert.Equal(new SaslStep.Failed(SaslFailure.WrongCredentials), Receive(ClientFinal));
        Assert.Equal(new SaslStep.Failed(SaslFailure.Malformed), Receive(""));
    }

    [Fact]
    public void Unknown_user_looks_like_a_wrong_password()
    {
        Receive(ClientFirst);
        var challenge = Text(_exchange.Resume(null));
        Assert.StartsWith(ServerFirst[..ServerFirst.IndexOf(",s=", StringComparison.Ordinal)], challenge, StringComparison.Ordinal);
        Assert.EndsWith(",i=4096", challenge, StringComparison.Ordinal);
        Assert.Equal(new SaslStep.Failed(SaslFailure.WrongCredentials), Receive(ClientFinal));
    }

    [Theory]
    [InlineData("y,,n=user,r=abc", "user")]
    [InlineData("n,a=user,n=user,r=abc", "user")]
    [InlineData("n,,n=us=2Cer=3D,r=abc", "us,er=")]
    [InlineData("n,,n=user,r=abc,x=ext", "user")]
    [InlineData("n,,n=us\u00E9r,r=abc", "us\u00E9r")]
    public void Other_first_messages_are_taken(string message, string userName) =>
        Assert.Equal(new SaslStep.NeedVerifier(userName), Receive(message));

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("n,")]
    [InlineData("n,,")]
    [InlineData("n,,n=user")]
    [InlineData("n,,n=user,r=")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,r=abc,n=user")]
    [InlineData("n,,m=ext,n=user,r=abc")]
    [InlineData("n,a=other,n=user,r=abc")]
    [InlineData("n,user,n=user,r=abc")]
    [InlineData("p=tls-unique,,n=user,r=abc")]
    [InlineData("x,,n=user,r=abc")]
    [InlineData("n,,n=us=er,r=abc")]
    [InlineData("n,,n=us=2c,r=abc")]
    [InlineData("n,,n=user\u0007,r=abc")]
    [InlineData("n,,n=user,r=a bc")]
    public void Malformed_first_message_is_refused(string message) =>
        Assert.Equal(new SaslStep.Failed(SaslFailure.Malformed), Receive(message));

    [Theory]
    [InlineData("")]
    [InlineData("c=biws")]
    [InlineData("c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzb")]
    [InlineData("c=b*ws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    public void Malformed_final_message_is_refused(string message)
    {
        Receive(ClientFirst);
        _exchange.Resume(Pencil);
        Assert.Equal(new SaslStep.Failed(SaslFailure.Malformed), Receive(message));
    }

    [Fact]
    public void Every_prefix_of_the_final_message_is_refused()
    {
        for (var length = 0; length < ClientFinal.Length; length++)
        {
            var exchange = new ScramExchange(ServerNonce, [], isBound: false);
            exchange.Receive(Encoding.UTF8.GetBytes(ClientFirst));
            exchange.Resume(Pencil);
            Assert.IsType<SaslStep.Failed>(exchange.Receive(Encoding.UTF8.GetBytes(ClientFinal[..length])));
        }
    }

    [Fact]
    public void Acknowledgement_with_data_is_refused()
    {
        Receive(ClientFirst);
        _exchange.Resume(Pencil);
        Receive(ClientFinal);
        Assert.Equal(new SaslStep.Failed(SaslFailure.Malformed), Receive("x"));
    }

    [Fact]
    public void Nonce_is_new_in_every_exchange()
    {
        Assert.NotEqual(Challenge(), Challenge());

        static string Challenge()
        {
            var exchange = SaslExchange.Begin("SCRAM-SHA-256")!;
            exchange.Receive(Encoding.UTF8.GetBytes(ClientFirst));
            return Text(exchange.Resume(Pencil));
        }
    }

    [Fact]
    public void Resume_without_a_question_is_a_bug()
    {
        Assert.Throws<InvalidOperationException>(() => _exchange.Resume(Pencil));
        Assert.Throws<InvalidOperationException>(() => _exchange.Resume(true));
    }

    private static string Text(SaslStep step) =>
        Encoding.UTF8.GetString(Assert.IsType<SaslStep.Challenge>(step).Octets.Span);

    private SaslStep Receive(string text) => _exchange.Receive(Encoding.UTF8.GetBytes(text));
}
