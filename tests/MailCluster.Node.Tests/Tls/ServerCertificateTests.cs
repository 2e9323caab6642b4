using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Configuration;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Node.Tls;

namespace MailCluster.Node.Tests.Tls;

public sealed class ServerCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(Start);

    [Fact]
    public void The_first_start_makes_a_certificate_for_host_and_loopback()
    {
        using var leaf = Leaf(Load(new TlsSection()));

        Assert.True(leaf.MatchesHostname("mail.hamburger.edu", allowWildcards: false, allowCommonName: false));
        Assert.True(leaf.MatchesHostname("localhost", allowWildcards: false, allowCommonName: false));
        Assert.True(leaf.MatchesHostname("127.0.0.1", allowWildcards: false, allowCommonName: false));
        Assert.True(leaf.HasPrivateKey);
        Assert.Equal(256, leaf.GetECDsaPublicKey()!.KeySize);
    }

    [Fact]
    public void The_next_start_has_the_same_certificate()
    {
        using var first = Leaf(Load(new TlsSection()));
        _time.Advance(TimeSpan.FromDays(300));
        using var second = Leaf(Load(new TlsSection()));

        Assert.Equal(first.Thumbprint, second.Thumbprint);
    }

    [Fact]
    public void A_start_shortly_before_its_end_makes_a_new_one()
    {
        using var first = Leaf(Load(new TlsSection()));
        _time.Advance(TimeSpan.FromDays((5 * 365) - 10));
        using var second = Leaf(Load(new TlsSection()));

        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
    }

    [Fact]
    public void Only_the_owner_may_read_the_key()
    {
        Load(new TlsSection());
        if (!OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(_folder.File(SelfSignedCertificate.FileName));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        }
    }

    [Fact]
    public void A_renewed_file_is_read_after_a_minute()
    {
        var file = WritePem("cert.pem", "one.example");
        var certificate = Load(new TlsSection { Certificate = file });
        WritePem("cert.pem", "other.example");
        File.SetLastWriteTimeUtc(file, Start.UtcDateTime);

        _time.Advance(ServerCertificate.CheckInterval - TimeSpan.FromSeconds(1));
        Assert.Equal("CN=one.example", Leaf(certificate).Subject);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=other.example", Leaf(certificate).Subject);
    }

    [Fact]
    public void A_file_that_is_broken_or_gone_leaves_the_old_certificate_until_it_is_right()
    {
        var file = WritePem("cert.pem", "one.example");
        var certificate = Load(new TlsSection { Certificate = file });

        _folder.Write("cert.pem", "-----BEGIN CERTIFICATE-----\nhalf");
        _time.Advance(ServerCertificate.CheckInterval);
        Assert.Equal("CN=one.example", Leaf(certificate).Subject);

        File.Delete(file);
        _time.Advance(ServerCertificate.CheckInterval);
        Assert.Equal("CN=one.example", Leaf(certificate).Subject);

        WritePem("cert.pem", "other.example");
        _time.Advance(ServerCertificate.CheckInterval);
        Assert.Equal("CN=other.example", Leaf(certificate).Subject);
    }

    [Fact]
    public void A_key_may_lie_beside_the_certificate_with_a_password()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var pair = SelfSigned(key, "beside.example");
        var password = _folder.Write("password", "ketchup\n");
        var certificate = _folder.Write("cert.pem", pair.ExportCertificatePem());
        var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem(
            "ketchup", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        var keyFile = _folder.Write("key.pem", encrypted);

        var loaded = Load(new TlsSection { Certificate = certificate, Key = keyFile, PasswordFile = password });

        Assert.Equal("CN=beside.example", Leaf(loaded).Subject);
    }

    [Fact]
    public void A_pfx_file_is_read()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var pair = SelfSigned(key, "pfx.example");
        File.WriteAllBytes(_folder.File("cert.pfx"), pair.Export(X509ContentType.Pkcs12, "ketchup"));
        var password = _folder.Write("password", "ketchup");

        var loaded = Load(new TlsSection { Certificate = _folder.File("cert.pfx"), PasswordFile = password });

        Assert.Equal("CN=pfx.example", Leaf(loaded).Subject);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void A_certificate_that_is_none_refuses_the_start_with_one_line(string content)
    {
        var file = _folder.Write("cert.pem", content);

        var refusal = Assert.Throws<ConfigurationException>(() => Load(new TlsSection { Certificate = file }));

        var line = $"Tls:Certificate = \"{file}\": a certificate with its key";
        Assert.StartsWith(line, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task A_client_can_shake_hands_and_sees_the_certificate()
    {
        var certificate = Load(new TlsSection());
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeOneAsync(listener, certificate);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        await using var stream = new SslStream(
            client.GetStream(), false, (_, shown, _, _) => shown!.GetCertHashString() == Leaf(certificate).Thumbprint);

        await stream.AuthenticateAsClientAsync("localhost");

        Assert.Equal("CN=mail.hamburger.edu", stream.RemoteCertificate!.Subject);
        await serving;
    }

    public void Dispose() => _folder.Dispose();

    private static async Task ServeOneAsync(TcpListener listener, ServerCertificate certificate)
    {
        using var accepted = await listener.AcceptTcpClientAsync();
        await using var stream = new SslStream(accepted.GetStream());
        await stream.AuthenticateAsServerAsync(certificate.Current());
    }

    private ServerCertificate Load(TlsSection tls) =>
        ServerCertificate.Load(
            tls, new NodeSection { DataFolder = _folder.Path, Hostname = DomainName.Parse("mail.hamburger.edu") }, _time);

    private static X509Certificate2 Leaf(ServerCertificate certificate) =>
        certificate.Current().ServerCertificateContext!.TargetCertificate;

    private string WritePem(string name, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var pair = SelfSigned(key, host);
        return _folder.Write(name, $"{pair.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    private static X509Certificate2 SelfSigned(ECDsa key, string host) =>
        new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(Start.AddDays(-1), Start.AddDays(90));
}
