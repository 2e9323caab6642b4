using System.Net;

namespace MailCluster.Node.Listeners.Proxy;

/// <summary>From where to where the client connected, as its proxy saw it.</summary>
internal sealed record ProxyRoute(IPEndPoint Source, IPEndPoint Destination);
