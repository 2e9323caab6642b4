using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailCluster.Node.Tls;

namespace MailCluster.Node.Tests.Tls;

/// <summary>RFC 5929 §4.1: which hash the certificate is told by.</summary>
public sealed class TlsChannelBindingsTests
{
    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void A_certificate_is_hashed_as_its_signature_is(string signature)
    {
        foreach (var padding in new[] { RSASignaturePadding.Pkcs1, RSASignaturePadding.Pss })
        {
            using var key = RSA.Create(2048);
            using var certificate = SelfSign(new CertificateRequest("CN=x", key, new HashAlgorithmName(signature), padding));
            AssertHashed(signature, certificate);
        }
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void So_is_one_of_elliptic_curves(string signature)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = SelfSign(new CertificateRequest("CN=x", key, new HashAlgorithmName(signature)));
        AssertHashed(signature, certificate);
    }

    private static X509Certificate2 SelfSign(CertificateRequest request) =>
        request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));

    private static void AssertHashed(string algorithm, X509Certificate2 certificate) => Assert.Equal(
        CryptographicOperations.HashData(new HashAlgorithmName(algorithm), certificate.RawData),
        TlsChannelBindings.ServerEndPoint(certificate));
}
