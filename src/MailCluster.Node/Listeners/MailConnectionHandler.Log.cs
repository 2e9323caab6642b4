using System.Net;

namespace MailCluster.Node.Listeners;

internal static partial class ListenerLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "TLS handshake with {Peer} failed: {Reason}")]
    public static partial void TlsHandshakeFailed(this ILogger logger, IPEndPoint peer, string reason);
}
