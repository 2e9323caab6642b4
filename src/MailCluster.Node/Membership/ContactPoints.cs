using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Membership;

/// <summary>
/// Whom a node asks for the cluster: the seeds of its configuration, and whoever the name of a headless service stands
/// for at this moment.
/// </summary>
internal sealed class ContactPoints(ClusterSection cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Never fails: a name that means nothing yet is asked again later.</summary>
    public async Task<ImmutableArray<IPEndPoint>> FindAsync(CancellationToken cancellation)
    {
        var found = cluster.Seeds.ToHashSet();
        foreach (var address in await ResolveAsync(cancellation))
        {
            found.Add(new IPEndPoint(address, cluster.Port));
        }

        found.Remove(new IPEndPoint(cluster.Address, cluster.Port));
        return [.. found];
    }

    private async Task<IPAddress[]> ResolveAsync(CancellationToken cancellation)
    {
        if (cluster.Discovery is null)
        {
            return [];
        }

        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(cluster.Discovery, cluster.Address.AddressFamily, cancellation)
                .WaitAsync(Patience, cancellation);
        }
        catch (Exception unknown) when (unknown is SocketException or TimeoutException)
        {
            return [];
        }
    }
}
