using System.IO.Pipelines;
using System.Net;
using MailCluster.Actors.Connections;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A connection in memory: the actor has one end, the test the other.</summary>
internal sealed class PipeTransport : IMailTransport
{
    private readonly Pipe _toActor = new();
    private readonly Pipe _fromActor = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 25);

    public IPEndPoint RemoteEndPoint { get; init; } = new(IPAddress.Loopback, 40000);

    public string? TlsDescription { get; private set; }

    public PipeReader Input => _toActor.Reader;

    public PipeWriter Output => _fromActor.Writer;

    /// <summary>The test writes what the peer sends.</summary>
    public PipeWriter PeerOutput => _toActor.Writer;

    /// <summary>The test reads what the actor sends.</summary>
    public PipeReader PeerInput => _fromActor.Reader;

    public Task Closed => _closed.Task;

    public Task StartTlsAsync(CancellationToken cancellation)
    {
        TlsDescription = "TLS1.3 TEST";
        return Task.CompletedTask;
    }

    public async Task CloseAsync()
    {
        await _fromActor.Writer.CompleteAsync();
        await _toActor.Reader.CompleteAsync();
        _closed.TrySetResult();
    }

    public void Abort()
    {
        _toActor.Writer.Complete(new IOException("connection aborted"));
        _closed.TrySetResult();
    }
}
