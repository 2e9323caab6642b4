using System.Net;
using System.Net.Sockets;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Delivery;

namespace MailCluster.Node.Listeners;

/// <summary>Connects to other mail servers over TCP.</summary>
/// <param name="connectTimeout">RFC 5321 §4.5.3.2.1 leaves TCP's own time-out to us: 30 seconds serve.</param>
internal sealed class OutboundConnector(TimeSpan connectTimeout) : IOutboundConnector
{
    public async Task<IMailTransport> ConnectAsync(
        IPEndPoint endPoint, OutboundTls tls, CancellationToken cancellation)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(connectTimeout);
        try
        {
            await socket.ConnectAsync(endPoint, timeout.Token);
            return new SocketTransport(socket, tls);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException("connection timed out");
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new IOException(Describe(refused), refused);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Describe(SocketException refused) => refused.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.TimedOut => "connection timed out",
        var code => code.ToString(),
    };
}
