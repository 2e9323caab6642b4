using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace MailCluster.Node.Listeners.Proxy;

/// <summary>
/// Stands before everything else of a listener, TLS included: from here on a connection that a proxy forwards has the
/// addresses of its client, for limits, policies, trace fields and logs alike.
/// </summary>
internal sealed class ProxyHeaderReader(string listener, ProxyNetworks proxies, TimeProvider time, ILogger logger)
{
    /// <summary>§2: the header is sent at once and in one piece; what takes longer than this is no proxy.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>False where the connection was a proxy's, had no right header, and is closed now.</summary>
    public ValueTask<bool> TryAcceptAsync(ConnectionContext connection)
    {
        var peer = PlainAddress.Of(connection.RemoteEndPoint);
        return proxies.Contain(peer.Address) ? TryAcceptAsync(connection, peer) : ValueTask.FromResult(true);
    }

    private async ValueTask<bool> TryAcceptAsync(ConnectionContext connection, IPEndPoint peer)
    {
        switch (await ReadAsync(connection))
        {
            case ProxyHeader.Complete { Route: { } route }:
                connection.RemoteEndPoint = route.Source;
                connection.LocalEndPoint = route.Destination;
                return true;
            case ProxyHeader.Complete:
                return true;
            case ProxyHeader.Invalid invalid:
                logger.ProxyRefused(listener, peer, invalid.Reason);
                break;
            default:
                // As balancers do, every second, to see whether the port is open: nothing that anybody has to look at.
                logger.ProxyGone(listener, peer);
                break;
        }

        connection.Abort();
        return false;
    }

    /// <summary>Incomplete where the peer hung up.</summary>
    private async Task<ProxyHeader> ReadAsync(ConnectionContext connection)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, connection.ConnectionClosed);
        try
        {
            return await ReadAsync(connection.Transport.Input, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new ProxyHeader.Invalid("no whole PROXY header in time");
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            return ProxyHeader.Incomplete.Instance;
        }
    }

    /// <summary>Takes the header's octets and no more: TLS or the session reads what came behind them.</summary>
    private static async Task<ProxyHeader> ReadAsync(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var header = Parse(read.Buffer);
            if (header is ProxyHeader.Complete complete)
            {
                input.AdvanceTo(read.Buffer.GetPosition(complete.Length));
                return header;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (header is ProxyHeader.Invalid || read.IsCompleted)
            {
                return header;
            }
        }
    }

    private static ProxyHeader Parse(ReadOnlySequence<byte> octets)
    {
        var head = octets.Slice(0, Math.Min(octets.Length, ProxyHeaderV2.MaxLength));
        return ProxyHeader.Parse(head.IsSingleSegment ? head.FirstSpan : head.ToArray());
    }
}
