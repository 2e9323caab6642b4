using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailCluster.Node.Configuration;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Membership;

/// <summary>An authority that certifies nodes, as PEM files in the test's folder. Owns its certificate.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    private readonly TemporaryFolder _folder;
    private readonly string _name;
    private readonly X509Certificate2 _certificate;
    private int _issued;

    public TestAuthority(TemporaryFolder folder, string name)
    {
        (_folder, _name) = (folder, name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        _certificate = request.CreateSelfSigned(now.AddYears(-1), now.AddYears(1));
        File = folder.Write($"{name}.pem", Pem);
    }

    /// <summary>Its own certificate, as nodes are given it.</summary>
    public string File { get; }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A node that this authority certifies, for now.</summary>
    public ClusterSection Certify() =>
        Certify(DateTimeOffset.UtcNow - Slack, DateTimeOffset.UtcNow + Slack);

    /// <summary>A node whose certificate was good until an hour ago.</summary>
    public ClusterSection CertifyUntilAnHourAgo() =>
        Certify(DateTimeOffset.UtcNow - (2 * Slack), DateTimeOffset.UtcNow - Slack);

    public void Dispose() => _certificate.Dispose();

    private ClusterSection Certify(DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(_certificate, from, until, [.. BitConverter.GetBytes(++_issued)]);
        return new ClusterSection
        {
            Certificate = _folder.Write($"{_name}-{_issued}.crt", certificate.ExportCertificatePem()),
            Key = _folder.Write($"{_name}-{_issued}.key", key.ExportPkcs8PrivateKeyPem()),
            Authority = File,
        };
    }
}
