using System.Net;

namespace MailCluster.Node.Listeners.Proxy;

internal static partial class ProxyLog
{
    [LoggerMessage(
        EventId = 101, Level = LogLevel.Information,
        Message = "Connection to listener {Listener} from proxy {Peer} closed: {Reason}")]
    public static partial void ProxyRefused(this ILogger logger, string listener, IPEndPoint peer, string reason);

    [LoggerMessage(
        EventId = 102, Level = LogLevel.Debug,
        Message = "Proxy {Peer} hung up on listener {Listener} before its PROXY header")]
    public static partial void ProxyGone(this ILogger logger, string listener, IPEndPoint peer);
}
