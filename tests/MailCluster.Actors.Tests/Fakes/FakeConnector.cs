using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Delivery;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>Connections in memory, each given to the test as it is made; addresses can be dead.</summary>
internal sealed class FakeConnector : IOutboundConnector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<NextHopDialog> _made = Channel.CreateUnbounded<NextHopDialog>();
    private readonly ConcurrentDictionary<IPAddress, Exception> _dead = new();

    /// <summary>All dials in their order, those of dead addresses too.</summary>
    public ConcurrentQueue<(IPEndPoint EndPoint, OutboundTls Tls)> Dials { get; } = new();

    /// <summary>What handshakes on connections made from now on end with.</summary>
    public Exception? HandshakeFailure { get; set; }

    public IEnumerable<string> DialledAddresses => Dials.Select(d => d.EndPoint.Address.ToString());

    public void Kill(string address, Exception? failure = null) =>
        _dead[IPAddress.Parse(address)] = failure ?? new IOException("connection refused");

    public void Revive(string address) => _dead.TryRemove(IPAddress.Parse(address), out _);

    public Task<IMailTransport> ConnectAsync(IPEndPoint endPoint, OutboundTls tls, CancellationToken cancellation)
    {
        Dials.Enqueue((endPoint, tls));
        if (_dead.TryGetValue(endPoint.Address, out var failure))
        {
            return Task.FromException<IMailTransport>(failure);
        }

        var transport = new PipeTransport { RemoteEndPoint = endPoint, HandshakeFailure = HandshakeFailure };
        _made.Writer.TryWrite(new NextHopDialog(transport));
        return Task.FromResult<IMailTransport>(transport);
    }

    /// <summary>The next connection that was made.</summary>
    public async Task<NextHopDialog> NextAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            return await _made.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No connection was made in {Patience}; dialled: {string.Join(", ", DialledAddresses)}");
        }
    }
}
