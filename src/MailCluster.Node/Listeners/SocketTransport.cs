using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Delivery;

namespace MailCluster.Node.Listeners;

/// <summary>An outbound connection over a socket of its own.</summary>
internal sealed class SocketTransport : IMailTransport
{
    private readonly Socket _socket;
    private readonly NetworkStream _network;
    private readonly OutboundTls _tls;
    private SslStream? _secured;
    private int _closing;

    public SocketTransport(Socket socket, OutboundTls tls)
    {
        _socket = socket;
        _tls = tls;
        _network = new NetworkStream(socket, ownsSocket: true);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!;
        Input = TlsUpgrade.Reader(_network);
        Output = TlsUpgrade.Writer(_network);
    }

    public PipeReader Input { get; private set; }

    public PipeWriter Output { get; private set; }

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public string? TlsDescription { get; private set; }

    public async Task StartTlsAsync(CancellationToken cancellation)
    {
        var secured = new SslStream(_network, leaveInnerStreamOpen: true);
        _secured = secured;
        var options = new SslClientAuthenticationOptions { TargetHost = _tls.HostName };
        if (!_tls.VerifyCertificate)
        {
            // RFC 7435: encryption to whoever answers is better than none; who must be sure asks for it.
#pragma warning disable CA5359 // Just so: the policy for this next hop asks for no more.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        await secured.AuthenticateAsClientAsync(options, cancellation);
        Input = TlsUpgrade.Reader(secured);
        Output = TlsUpgrade.Writer(secured);
        TlsDescription = TlsUpgrade.Describe(secured);
    }

    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        try
        {
            await Output.CompleteAsync();
            if (_secured is { IsAuthenticated: true } secured)
            {
                await secured.ShutdownAsync();
            }
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer is gone already.
            _socket.Close(timeout: 0);
        }
        finally
        {
            await _network.DisposeAsync();
        }
    }

    public void Abort() => _socket.Close(timeout: 0);
}
