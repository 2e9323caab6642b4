using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Sasl;

namespace MailCluster.Mail.Tests.Sasl;

/// <summary>SCRAM-SHA-256-PLUS, and what becomes of SCRAM-SHA-256 where it is offered (RFC 5802 §6).</summary>
public sealed class ScramPlusTests
{
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string Nonces = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string FirstBare = "n=user,r=rOprNGfwEbeRWgbNEkqO";

    // The values of RFC 7677 §3, bound to the octets 0 to 31, and 1 to 12; computed by another program.
    private const string EndPointFinal = "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,"
        + Nonces + ",p=nY1Wus9a+gM2DrbQ1msXFgyhW6KM5ktOxWiU+/P/EGY=";

    private const string UniqueFinal = "c=cD10bHMtdW5pcXVlLCwBAgMEBQYHCAkKCww=,"
        + Nonces + ",p=zVXz1XnwQ23h6CcyI9BAlKckFr/PGPPtPCjmlqEC9Ck=";

    private static readonly ImmutableArray<ChannelBinding> Bindings =
    [
        new(ChannelBinding.ServerEndPoint, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()),
        new(ChannelBinding.Unique, Enumerable.Range(1, 12).Select(i => (byte)i).ToArray()),
    ];

    private static readonly ScramVerifier Pencil =
        ScramVerifier.Derive("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    private static readonly SaslStep Malformed = new SaslStep.Failed(SaslFailure.Malformed);
    private static readonly SaslStep Refused = new SaslStep.Failed(SaslFailure.WrongCredentials);

    [Theory]
    [InlineData("tls-server-end-point", EndPointFinal, "v=RwppMGddhz/J0lFYaRReBjXcQeNUFP5Qc76Lo5Exrig=")]
    [InlineData("tls-unique", UniqueFinal, "v=4fG/3YJmHOLKm1mOb2YL/jrKqoQqbu4zGrGY64pnBpY=")]
    public void A_login_that_is_bound_to_this_channel_succeeds(string type, string final, string serverFinal)
    {
        var exchange = new ScramExchange(ServerNonce, Bindings, isBound: true);
        Assert.Equal("SCRAM-SHA-256-PLUS", exchange.Mechanism);
        Assert.Equal(new SaslStep.NeedVerifier("user"), Receive(exchange, $"p={type},,{FirstBare}"));
        exchange.Resume(Pencil);
        Assert.Equal(serverFinal, Text(Receive(exchange, final)));
        Assert.Equal(new SaslStep.Succeeded("user"), Receive(exchange, ""));
    }

    [Fact]
    public void A_login_that_is_bound_to_another_channel_fails()
    {
        ImmutableArray<ChannelBinding> others =
            [new(ChannelBinding.ServerEndPoint, new byte[32]), new(ChannelBinding.Unique, new byte[12])];
        foreach (var (type, final) in new[] { ("tls-server-end-point", EndPointFinal), ("tls-unique", UniqueFinal) })
        {
            var exchange = new ScramExchange(ServerNonce, others, isBound: true);
            Receive(exchange, $"p={type},,{FirstBare}");
            exchange.Resume(Pencil);
            Assert.Equal(Refused, Receive(exchange, final));
            Assert.Equal(Malformed, Receive(exchange, final));
        }
    }

    [Fact]
    public void Data_of_one_type_is_none_of_another()
    {
        var exchange = new ScramExchange(ServerNonce, Bindings, isBound: true);
        Receive(exchange, $"p=tls-unique,,{FirstBare}");
        exchange.Resume(Pencil);
        Assert.Equal(Refused, Receive(exchange, EndPointFinal));
    }

    [Fact]
    public void A_wrong_password_fails_alike()
    {
        var exchange = new ScramExchange(ServerNonce, Bindings, isBound: true);
        Receive(exchange, $"p=tls-server-end-point,,{FirstBare}");
        exchange.Resume(ScramVerifier.Derive("pen", Pencil.Salt.AsSpan(), 4096));
        Assert.Equal(Refused, Receive(exchange, EndPointFinal));
    }

    [Theory]
    [InlineData("n,,")]
    [InlineData("y,,")]
    [InlineData("p,,")]
    [InlineData("p=,,")]
    [InlineData("p=tls unique,,")]
    [InlineData("p=tls-unique,")]
    [InlineData("p=tls-unique")]
    [InlineData("p=tls-unique,a=other,")]
    [InlineData("")]
    public void Plus_without_a_channel_binding_is_malformed(string header) =>
        Assert.Equal(Malformed, Receive(new ScramExchange(ServerNonce, Bindings, isBound: true), header + FirstBare));

    [Theory]
    [InlineData("tls-exporter")]
    [InlineData("tls-unique-for-telnet")]
    [InlineData("TLS-UNIQUE")]
    public void A_type_that_the_channel_does_not_have_fails(string type) =>
        Assert.Equal(Refused, Receive(new ScramExchange(ServerNonce, Bindings, isBound: true), $"p={type},,{FirstBare}"));

    [Fact]
    public void A_client_that_did_not_see_plus_though_it_was_offered_is_refused()
    {
        Assert.Equal(Refused, Receive(new ScramExchange(ServerNonce, Bindings, isBound: false), $"y,,{FirstBare}"));
        Assert.Equal(
            new SaslStep.NeedVerifier("user"), Receive(new ScramExchange(ServerNonce, [], isBound: false), $"y,,{FirstBare}"));
    }

    [Fact]
    public void A_client_that_cannot_bind_may_do_without() => Assert.Equal(
        new SaslStep.NeedVerifier("user"), Receive(new ScramExchange(ServerNonce, Bindings, isBound: false), $"n,,{FirstBare}"));

    [Fact]
    public void A_binding_needs_plus() =>
        Assert.Equal(Malformed, Receive(new ScramExchange(ServerNonce, Bindings, isBound: false), $"p=tls-unique,,{FirstBare}"));

    [Fact]
    public void Plus_is_offered_first_and_only_where_there_is_something_to_bind_to()
    {
        Assert.Equal(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"], SaslExchange.Offered(true, Bindings).AsEnumerable());
        Assert.Equal(["SCRAM-SHA-256", "PLAIN", "LOGIN"], SaslExchange.Offered(true, []).AsEnumerable());
        Assert.Equal(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], SaslExchange.Offered(false, Bindings).AsEnumerable());
        Assert.Equal(["SCRAM-SHA-256"], SaslExchange.Offered(false, []).AsEnumerable());
        Assert.Null(SaslExchange.Begin("SCRAM-SHA-256-PLUS"));
        Assert.All(
            SaslExchange.Offered(true, Bindings), name => Assert.Equal(name, SaslExchange.Begin(name, Bindings)?.Mechanism));
    }

    private static string Text(SaslStep step) => Encoding.UTF8.GetString(Assert.IsType<SaslStep.Challenge>(step).Octets.Span);

    private static SaslStep Receive(ScramExchange exchange, string text) => exchange.Receive(Encoding.UTF8.GetBytes(text));
}
