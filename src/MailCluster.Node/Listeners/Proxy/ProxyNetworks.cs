using System.Collections.Immutable;
using System.Net;

namespace MailCluster.Node.Listeners.Proxy;

/// <summary>The peers of a listener that are proxies: they must send a header, and nobody else can.</summary>
internal sealed class ProxyNetworks(ImmutableArray<IPNetwork> networks)
{
    public bool Contain(IPAddress peer)
    {
        foreach (var network in networks)
        {
            if (network.Contains(peer))
            {
                return true;
            }
        }

        return false;
    }
}
