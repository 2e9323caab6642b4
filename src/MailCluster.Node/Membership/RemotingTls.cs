using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Hosting;
using MailCluster.Node.Configuration;
using MailCluster.Node.Tls;

namespace MailCluster.Node.Membership;

/// <summary>
/// TLS between nodes: each shows a certificate of the cluster's authority, and takes nobody who has none. Names are not
/// compared: nodes are known by addresses that change, and being of the authority is what counts. The authority's file
/// may hold several, so that one can be replaced by another without a moment in which nodes refuse each other.
/// </summary>
internal static class RemotingTls
{
    /// <exception cref="ConfigurationException">A file holds no certificate, or not its key.</exception>
    public static SslOptions Load(ClusterSection cluster)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(cluster.Authority!);
            if (authorities.Count == 0)
            {
                throw new ConfigurationException($"Cluster:Authority: {cluster.Authority} holds no certificate");
            }

            return new SslOptions
            {
                X509Certificate = new CertificateFiles(cluster.Certificate!, cluster.Key, PasswordFile: null).Load().Leaf,
                SuppressValidation = false,
                RequireMutualAuthentication = true,
                ValidateCertificateHostname = false,
                CustomValidator = (certificate, _, _, _, _) => certificate is not null && IsOf(authorities, certificate),
            };
        }
        catch (Exception wrong) when (CertificateFiles.IsUnusable(wrong) && wrong is not ConfigurationException)
        {
            throw new ConfigurationException(
                $"Cluster:Certificate, Cluster:Key, Cluster:Authority: PEM files that belong together: {wrong.Message}");
        }
    }

    private static bool IsOf(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // An authority of one cluster has no list.
        return chain.Build(certificate);
    }
}
