using Akka.Remote.Hosting;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Membership;

/// <summary>Where a node listens for the others, and by TLS where it was given certificates.</summary>
internal static class NodeRemoting
{
    /// <exception cref="ConfigurationException">A file holds no certificate, or not its key.</exception>
    public static RemoteOptions Of(ClusterSection cluster)
    {
        var remoting = new RemoteOptions { HostName = cluster.Address.ToString(), Port = cluster.Port };
        if (cluster.Certificate is not null)
        {
            remoting.EnableSsl = true;
            remoting.Ssl = RemotingTls.Load(cluster);
        }

        return remoting;
    }
}
