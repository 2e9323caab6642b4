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
    ProxyHeaderReader proxyHeaders, Lazy<ListenerBinding> lazyBinding, ILogger logger) : ConnectionHandler
{
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

        if (binding.ActorsEnded.IsCompleted)
        {
            // A node that was shut out listens for a moment longer than it has actors.
            Encoding.ASCII.GetBytes(binding.Refusal, transport.Output);
        }
        else
        {
            binding.Supervisor.Tell(new OpenConnection(transport, binding.CreateActor, binding.Refusal), ActorRefs.NoSender);
            await Task.WhenAny(transport.Ended, binding.ActorsEnded);
        }

        // Where no actor took it, nobody else would, and the stop of the node would wait for its client.
        await transport.CloseAsync();
        await transport.Ended;
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
