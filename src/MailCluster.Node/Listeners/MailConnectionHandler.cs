using System.Text;
using Akka.Actor;
using MailCluster.Actors.Connections;
using MailCluster.Node.Listeners.Proxy;
using Microsoft.AspNetCore.Connections;

namespace MailCluster.Node.Listeners;

/// <summary>
/// Takes what Kestrel accepted on one listener, hears from a proxy whose connection it is, puts it under TLS first
/// where the port wants that, and gives it to an actor. Kestrel keeps the connection until the actor has closed it.
/// </summary>
internal sealed class MailConnectionHandler(
    ProxyHeaderReader proxyHeaders, Lazy<ListenerBinding> lazyBinding, TimeProvider time, ILogger logger) : ConnectionHandler
{
    /// <summary>
    /// How long a client waits for a node that has just begun: longer than it takes to join. A node that does not get in,
    /// since the others have shut it out, sends its clients to them.
    /// </summary>
    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(10);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (!await proxyHeaders.TryAcceptAsync(connection))
        {
            return;
        }

        var binding = lazyBinding.Value;
        var transport = new KestrelTransport(connection, binding.Tls);
        if (binding.ImplicitTls && !await TryStartTlsAsync(transport, connection, binding.HandshakeTimeout))
        {
            return;
        }

        if (!await IsMemberAsync(binding, connection.ConnectionClosed))
        {
            Encoding.ASCII.GetBytes(binding.Refusals.Unavailable, transport.Output);
        }
        else
        {
            binding.Supervisor.Tell(new OpenConnection(transport, binding.CreateActor, binding.Refusals), ActorRefs.NoSender);
            await Task.WhenAny(transport.Ended, binding.ActorsEnded);
        }

        // Where no actor took it, nobody else would, and the stop of the node would wait for its client.
        await transport.CloseAsync();
        await transport.Ended;
    }

    /// <summary>False also for a node that was shut out: it listens for a moment longer than it has actors.</summary>
    private async ValueTask<bool> IsMemberAsync(ListenerBinding binding, CancellationToken closed)
    {
        if (!binding.Joined.IsCompleted)
        {
            await Task.WhenAny(binding.Joined, binding.ActorsEnded, Task.Delay(JoinPatience, time, closed));
        }

        return binding.Joined.IsCompleted && !binding.ActorsEnded.IsCompleted;
    }

    private async Task<bool> TryStartTlsAsync(KestrelTransport transport, ConnectionContext connection, TimeSpan limit)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        timeout.CancelAfter(limit);
        try
        {
            await transport.StartTlsAsync(timeout.Token);
            return true;
        }
        catch (Exception failed) when (failed is IOException or OperationCanceledException or InvalidOperationException
            or System.Security.Authentication.AuthenticationException)
        {
            logger.TlsHandshakeFailed(transport.RemoteEndPoint, failed.Message);
            connection.Abort();
            return false;
        }
    }
}
