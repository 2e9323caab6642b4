using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Tls;

/// <summary>
/// A certificate for a server that has none: it keeps eavesdroppers out and proves nothing. Other mail
/// servers take it, since they encrypt opportunistically (RFC 7435).
/// </summary>
internal static class SelfSignedCertificate
{
    public const string FileName = "tls-self-signed.pem";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // RFC 5280 §4.2.1.12

    private static readonly TimeSpan Validity = TimeSpan.FromDays(5 * 365);

    /// <summary>One that ends so soon is replaced at a start.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>For clocks that are behind ours.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromDays(1);

    /// <summary>The path of the folder's certificate, which is made where there is none, or an old one.</summary>
    public static string Ensure(string dataFolder, DomainName hostname, DateTimeOffset now)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (File.Exists(path) && IsStillGood(path, now))
        {
            return path;
        }

        DataFolder.Create(dataFolder);
        var unfinished = path + ".new";
        File.Delete(unfinished);
        SecretFile.Create(unfinished, Encoding.ASCII.GetBytes(Create(hostname, now)));
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    private static bool IsStillGood(string path, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return certificate.NotAfter.ToUniversalTime() > (now + RenewBefore).UtcDateTime;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Key and certificate as PEM.</summary>
    private static string Create(DomainName hostname, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN={hostname.ToAscii()}"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostname.ToAscii());
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        using var certificate = request.CreateSelfSigned(now - Backdated, now + Validity);
        return $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n";
    }
}
