using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailKit.Net.Imap;
using MailKit.Security;

namespace MailCluster.EndToEnd.Tests.Sessions;

/// <summary>
/// SCRAM-SHA-256-PLUS where it is offered, of IMAP, POP3 and submission, with TLS from the first octet and behind STARTTLS.
/// </summary>
public sealed class ScramOverTls : IAsyncLifetime
{
    private LiveNode _node = null!;

    public async Task InitializeAsync() => _node = await LiveNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData("imaps", "a AUTHENTICATE", null)]
    [InlineData("imap", "a AUTHENTICATE", "a STARTTLS")]
    [InlineData("pop3s", "AUTH", null)]
    [InlineData("pop3", "AUTH", "STLS")]
    [InlineData("submissions", "AUTH", null)]
    [InlineData("submission", "AUTH", "STARTTLS")]
    public async Task A_login_that_is_bound_to_the_certificate_succeeds(string listener, string command, string? upgrade)
    {
        using var client = await ConnectAsync(listener, upgrade);
        var reply = await LogInAsync(client, command, "tls-server-end-point", client.ServerEndPoint);
        Assert.Matches("^(a OK|\\+OK|235) ", reply);
    }

    [Theory]
    [InlineData("imaps", "a AUTHENTICATE")]
    [InlineData("pop3s", "AUTH")]
    [InlineData("submissions", "AUTH")]
    public async Task Under_tls_1_2_a_login_may_be_bound_to_its_handshake(string listener, string command)
    {
        using var client = await ConnectAsync(listener, null, SslProtocols.Tls12);
        var reply = await LogInAsync(client, command, "tls-unique", client.Unique);
        Assert.Matches("^(a OK|\\+OK|235) ", reply);
    }

    [Theory]
    [InlineData("imaps", "a AUTHENTICATE")]
    [InlineData("pop3s", "AUTH")]
    [InlineData("submissions", "AUTH")]
    public async Task A_login_that_is_bound_to_another_certificate_fails(string listener, string command)
    {
        using var client = await ConnectAsync(listener, null);
        var reply = await LogInAsync(client, command, "tls-server-end-point", SHA256.HashData("another"u8));
        Assert.Matches("^(a NO|-ERR|535) ", reply);
    }

    [Fact]
    public async Task A_client_that_was_shown_no_plus_is_refused()
    {
        using var client = await ConnectAsync("imaps", null);
        await client.WriteAsync(Encoding.ASCII.GetBytes("a AUTHENTICATE SCRAM-SHA-256 "
            + Convert.ToBase64String("y,,n=bob@hamburger.edu,r=abc"u8) + "\r\n"));
        Assert.StartsWith("a NO [AUTHENTICATIONFAILED]", await client.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("imap", "a CAPABILITY")]
    [InlineData("pop3", "CAPA\r\nQUIT")]
    public async Task Without_tls_it_is_not_offered(string listener, string question)
    {
        using var client = await LineClient.ConnectAsync(_node[listener]);
        await client.WriteAsync(Encoding.ASCII.GetBytes(question + "\r\n" + (listener == "imap" ? "b LOGOUT\r\n" : "")));
        var all = new StringBuilder();
        while (await client.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
        }

        Assert.Contains("SCRAM-SHA-256", all.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("-PLUS", all.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MailKit_binds_its_login()
    {
        using var client = new ImapClient();
#pragma warning disable CA5359 // The node under test made its certificate by itself.
        client.ServerCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        await client.ConnectAsync("127.0.0.1", _node["imaps"].Port, SecureSocketOptions.SslOnConnect);
        Assert.Contains("SCRAM-SHA-256-PLUS", client.AuthenticationMechanisms);
        await client.AuthenticateAsync(new SaslMechanismScramSha256Plus("bob@hamburger.edu", "pickles"));
        Assert.True(client.IsAuthenticated);
        await client.DisconnectAsync(quit: true);
    }

    private async Task<LineClient> ConnectAsync(string listener, string? upgrade, SslProtocols protocols = SslProtocols.None)
    {
        var client = await LineClient.ConnectAsync(_node[listener]);
        if (upgrade is null)
        {
            await client.StartTlsAsync(protocols);
        }

        await client.ReadReplyAsync();
        if (listener.StartsWith("submission", StringComparison.Ordinal))
        {
            await client.SayAsync("EHLO client.example");
        }

        if (upgrade is not null)
        {
            await client.SayAsync(upgrade);
            await client.StartTlsAsync(protocols);
        }

        if (upgrade is not null && listener == "submission")
        {
            Assert.Contains("AUTH SCRAM-SHA-256-PLUS ", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        }

        return client;
    }

    /// <summary>RFC 5802 §3, RFC 7677: the client's side; returns the last reply.</summary>
    private static async Task<string> LogInAsync(LineClient client, string command, string type, byte[] binding)
    {
        var header = $"p={type},,";
        const string Bare = "n=bob@hamburger.edu,r=fyko+d2lbbFgONRv9qkxdawL";
        var serverFirst = await ChallengeAsync($"{command} SCRAM-SHA-256-PLUS {Encode(header + Bare)}");
        var fields = serverFirst.Split(',').ToDictionary(field => field[0], field => field[2..]);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            "pickles", Convert.FromBase64String(fields['s']), int.Parse(fields['i'], CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var bound = Convert.ToBase64String([.. Encoding.ASCII.GetBytes(header), .. binding]);
        var withoutProof = $"c={bound},r={fields['r']}";
        var signed = Encoding.ASCII.GetBytes($"{Bare},{serverFirst},{withoutProof}");
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), signed);
        var proof = Convert.ToBase64String([.. clientKey.Zip(signature, (key, mask) => (byte)(key ^ mask))]);
        await client.WriteAsync(Encoding.ASCII.GetBytes(Encode($"{withoutProof},p={proof}") + "\r\n"));
        var last = await client.ReadLineAsync() ?? throw new IOException("The server closed.");
        if (!last.StartsWith("+ ", StringComparison.Ordinal) && !last.StartsWith("334 ", StringComparison.Ordinal))
        {
            return last;
        }

        var verifier = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), signed);
        Assert.Equal($"v={Convert.ToBase64String(verifier)}", Decode(last));
        await client.WriteAsync("\r\n"u8.ToArray());
        return await client.ReadLineAsync() ?? throw new IOException("The server closed.");

        async Task<string> ChallengeAsync(string line)
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            return Decode(await client.ReadLineAsync() ?? throw new IOException("The server closed."));
        }
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static string Decode(string reply) =>
        Encoding.ASCII.GetString(Convert.FromBase64String(reply[(reply.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
}
