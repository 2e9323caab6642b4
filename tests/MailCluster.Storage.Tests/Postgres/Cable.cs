using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>Between a node and its server, until it is cut: then nothing goes through, and neither side is told.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private volatile bool _cut;

    public Cable(NpgsqlConnectionStringBuilder server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut() => _cut = true;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                passing.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(TcpClient node)
    {
        using (node)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(_server.Host!, _server.Port, _ending.Token);
                await Task.WhenAny(CopyAsync(node, server), CopyAsync(server, node));
                if (_cut)
                {
                    await Task.Delay(Timeout.Infinite, _ending.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The test ends.
            }
        }
    }

    /// <summary>Until one side closes or fails, or something would pass a cut cable.</summary>
    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var piece = new byte[16 * 1024];
        while (await from.GetStream().ReadAsync(piece, _ending.Token) is var length and > 0 && !_cut)
        {
            await to.GetStream().WriteAsync(piece.AsMemory(0, length), _ending.Token);
        }
    }
}
