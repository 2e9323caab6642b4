using System.Net;

namespace MailCluster.Node.Listeners.Proxy;

internal static partial class ProxyLog
{
    [LoggerMessage(
        EventId = 101, Level = LogLevel.Information,
        Message = "Connection to listener {Listener} from proxy {Peer} closed: {Reason}")]
    public static partial void ProxyRefused(this ILogger logger, string listener, IPEndPoint peer, string reason);
}
