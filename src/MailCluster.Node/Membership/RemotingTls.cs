using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Hosting;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Membership;

/// <summary>
/// TLS between nodes: each shows a certificate of the cluster's authority, and takes nobody who has none. Names are not
/// compared: nodes are known by addresses that change, and being of the authority is what counts.
/// </summary>
internal static class RemotingTls
{
    /// <exception cref="ConfigurationException">A file holds no certificate, or not its key.</exception>
    public static SslOptions Load(ClusterSection cluster)
    {
        try
        {
            var authority = X509CertificateLoader.LoadCertificateFromFile(cluster.Authority!);
            return new SslOptions
            {
                X509Certificate = X509Certificate2.CreateFromPemFile(cluster.Certificate!, cluster.Key),
                SuppressValidation = false,
                RequireMutualAuthentication = true,
                ValidateCertificateHostname = false,
                CustomValidator = (certificate, _, _, _, _) => certificate is not null && IsOf(authority, certificate),
            };
        }
        catch (Exception wrong) when (wrong is System.Security.Cryptography.CryptographicException or IOException)
        {
            throw new ConfigurationException(
                $"Cluster:Certificate, Cluster:Key, Cluster:Authority: PEM files that belong together: {wrong.Message}");
        }
    }

    private static bool IsOf(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // An authority of one cluster has no list.
        return chain.Build(certificate);
    }
}
