using System.Text;
using CsCheck;
using MailCluster.Mail.Sasl;

namespace MailCluster.Mail.Tests.Sasl;

public sealed class SaslExchangeTests
{
    private static readonly SaslStep Malformed = new SaslStep.Failed(SaslFailure.Malformed);
    private static readonly SaslStep WrongCredentials = new SaslStep.Failed(SaslFailure.WrongCredentials);

    private static readonly Gen<byte[]> Response =
        Gen.OneOf(Gen.Byte.Array[0, 60], Gen.Char["\0anyr=,pcuse\u00E9"].Array[0, 40].Select(c => Encoding.UTF8.GetBytes(c)));

    [Theory]
    [InlineData("plain", "PLAIN", true)]
    [InlineData("LOGIN", "LOGIN", true)]
    [InlineData("Scram-Sha-256", "SCRAM-SHA-256", false)]
    public void Mechanism_is_found_in_any_case(string name, string expected, bool isPlaintext)
    {
        var exchange = SaslExchange.Begin(name)!;
        Assert.Equal((expected, isPlaintext), (exchange.Mechanism, exchange.IsPlaintext));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CRAM-MD5")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    public void Other_mechanisms_are_not_offered(string name) => Assert.Null(SaslExchange.Begin(name));

    [Fact]
    public void Every_offered_mechanism_can_begin() =>
        Assert.All(SaslExchange.Mechanisms, name => Assert.Equal(name, SaslExchange.Begin(name)?.Mechanism));

    [Theory]
    [InlineData("\0user\0secret")]
    [InlineData("user\0user\0secret")]
    public void Plain_asks_for_a_password_check(string response)
    {
        var exchange = SaslExchange.Begin("PLAIN")!;
        Assert.Equal("", Text(exchange.Start()));
        Assert.Equal(new SaslStep.NeedPassword("user", "secret"), Receive(exchange, response));
        Assert.Equal(new SaslStep.Succeeded("user"), exchange.Resume(true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("\0user")]
    [InlineData("\0user\0")]
    [InlineData("\0\0secret")]
    [InlineData("user\0secret")]
    [InlineData("\0user\0sec\0ret")]
    [InlineData("\0us\u0007er\0secret")]
    public void Malformed_plain_is_refused(string response) =>
        Assert.Equal(Malformed, Receive(SaslExchange.Begin("PLAIN")!, response));

    [Fact]
    public void Plain_with_octets_beyond_utf8_is_refused() =>
        Assert.Equal(Malformed, SaslExchange.Begin("PLAIN")!.Receive([0, 0xFF, 0, (byte)'x']));

    [Fact]
    public void Plain_for_another_identity_fails() =>
        Assert.Equal(WrongCredentials, Receive(SaslExchange.Begin("PLAIN")!, "root\0user\0secret"));

    [Fact]
    public void Plain_takes_names_of_255_octets_and_no_more()
    {
        var name = new string('u', SaslExchange.MaxUserNameLength);
        Assert.IsType<SaslStep.NeedPassword>(Receive(SaslExchange.Begin("PLAIN")!, $"{name}\0{name}\0secret"));
        Assert.Equal(Malformed, Receive(SaslExchange.Begin("PLAIN")!, $"\0{name}u\0secret"));
    }

    [Fact]
    public void Login_prompts_for_name_and_password()
    {
        var exchange = SaslExchange.Begin("LOGIN")!;
        Assert.Equal("Username:", Text(exchange.Start()));
        Assert.Equal("Password:", Text(Receive(exchange, "user")));
        Assert.Equal(new SaslStep.NeedPassword("user", "secret"), Receive(exchange, "secret"));
        Assert.Equal(WrongCredentials, exchange.Resume(false));
    }

    [Fact]
    public void Login_takes_the_name_as_initial_response()
    {
        var exchange = SaslExchange.Begin("LOGIN")!;
        Assert.Equal("Password:", Text(Receive(exchange, "user")));
        Assert.Equal(new SaslStep.NeedPassword("user", "secret"), Receive(exchange, "secret"));
    }

    [Fact]
    public void Login_without_name_or_password_is_refused()
    {
        var exchange = SaslExchange.Begin("LOGIN")!;
        Assert.Equal(Malformed, Receive(exchange, ""));
        Assert.Equal(Malformed, Receive(exchange, "user"));
        exchange = SaslExchange.Begin("LOGIN")!;
        Receive(exchange, "user");
        Assert.Equal(Malformed, Receive(exchange, ""));
    }

    [Fact]
    public void Password_check_is_answered_once()
    {
        var exchange = SaslExchange.Begin("PLAIN")!;
        Assert.Throws<InvalidOperationException>(() => exchange.Resume(true));
        Receive(exchange, "\0user\0secret");
        exchange.Resume(false);
        Assert.Throws<InvalidOperationException>(() => exchange.Resume(true));
        Assert.Throws<InvalidOperationException>(() => exchange.Resume(null));
    }

    [Fact]
    public void Passwords_are_not_in_the_text()
    {
        Assert.DoesNotContain("secret", new SaslStep.NeedPassword("user", "secret").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("120", new SaslStep.Challenge("x"u8.ToArray()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_responses_never_throw_and_never_succeed() =>
        Gen.Select(Gen.OneOf(SaslExchange.Mechanisms.ToArray()), Response.Array[1, 4]).Sample((mechanism, responses) =>
        {
            var exchange = SaslExchange.Begin(mechanism)!;
            foreach (var response in responses)
            {
                var step = exchange.Receive(response);
                step = step is SaslStep.NeedVerifier ? exchange.Resume(null) : step;
                step = step is SaslStep.NeedPassword ? exchange.Resume(false) : step;
                Assert.IsNotType<SaslStep.Succeeded>(step);
            }
        });

    private static SaslStep Receive(SaslExchange exchange, string text) => exchange.Receive(Encoding.UTF8.GetBytes(text));

    private static string Text(SaslStep step) =>
        Encoding.UTF8.GetString(Assert.IsType<SaslStep.Challenge>(step).Octets.Span);
}
