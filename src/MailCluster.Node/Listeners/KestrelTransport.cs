using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using MailCluster.Actors.Connections;
using MailCluster.Mail.Sasl;
using MailCluster.Node.Tls;
using Microsoft.AspNetCore.Connections;

namespace MailCluster.Node.Listeners;

/// <summary>
/// An inbound connection that Kestrel accepted. Kestrel's connection lives as long as <see cref="Ended"/> is open; the
/// actor ends it by <see cref="CloseAsync"/>.
/// </summary>
internal sealed class KestrelTransport : IMailTransport
{
    private readonly ConnectionContext _connection;
    private readonly Func<SslServerAuthenticationOptions>? _tls;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SslStream? _secured;
    private int _closing;

    public KestrelTransport(ConnectionContext connection, Func<SslServerAuthenticationOptions>? tls)
    {
        _connection = connection;
        _tls = tls;
        LocalEndPoint = PlainAddress.Of(connection.LocalEndPoint);
        RemoteEndPoint = PlainAddress.Of(connection.RemoteEndPoint);
        Input = connection.Transport.Input;
        Output = connection.Transport.Output;
    }

    /// <summary>Done when the actor has closed the connection.</summary>
    public Task Ended => _ended.Task;

    public PipeReader Input { get; private set; }

    public PipeWriter Output { get; private set; }

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public string? TlsDescription { get; private set; }

    public ImmutableArray<ChannelBinding> ChannelBindings { get; private set; } = [];

    public async Task StartTlsAsync(CancellationToken cancellation)
    {
        var options = _tls ?? throw new InvalidOperationException("This listener has no certificate.");
        var secured = TlsUpgrade.ServerStream(
            new DuplexPipeStream(_connection.Transport.Input, _connection.Transport.Output));
        _secured = secured;
        var shown = options();
        await secured.AuthenticateAsServerAsync(shown, cancellation);
        Input = TlsUpgrade.Reader(secured);
        Output = TlsUpgrade.Writer(secured);
        TlsDescription = TlsUpgrade.Describe(secured);
        ChannelBindings = TlsChannelBindings.Of(secured, shown.ServerCertificateContext!.TargetCertificate);
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
            // The peer is gone already: there is nobody left to say goodbye to.
            _connection.Abort();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    public void Abort() => _connection.Abort();
}
