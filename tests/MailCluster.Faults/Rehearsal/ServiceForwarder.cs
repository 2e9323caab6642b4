using System.Net;
using System.Net.Sockets;

namespace MailCluster.Faults.Rehearsal;

/// <summary>Stands at the address that a name resolves to, and hands connections on to where the server is.</summary>
internal sealed class ServiceForwarder : IDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _server;

    public ServiceForwarder(IPEndPoint service, IPEndPoint server)
    {
        _server = server;
        _listener = new TcpListener(service);
        _listener.Start(backlog: 512);
        _ = AcceptAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var _ = client;
        using var server = new TcpClient { NoDelay = true };
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(_server);
            var there = client.GetStream().CopyToAsync(server.GetStream());
            var back = server.GetStream().CopyToAsync(client.GetStream());
            await await Task.WhenAny(there, back);
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            // One end is gone, and so the other will be.
        }
    }
}
