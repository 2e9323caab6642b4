using System.Net;

namespace MailCluster.Node.Listeners;

/// <summary>
/// One address, one form: IPv4 is not written as IPv6, as a listener on <c>::</c> sees it, so that networks, limits and
/// logs agree on it.
/// </summary>
internal static class PlainAddress
{
    public static IPAddress Unmapped(this IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static IPEndPoint Of(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip => new IPEndPoint(ip.Address.Unmapped(), ip.Port),
        IPEndPoint ip => ip,
        _ => new IPEndPoint(IPAddress.Loopback, 0),
    };
}
