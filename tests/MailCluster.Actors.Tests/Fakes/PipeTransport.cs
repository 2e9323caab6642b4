using System.IO.Pipelines;
using System.Net;
using MailCluster.Actors.Connections;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A connection in memory: the actor has one end, the test the other.</summary>
internal sealed class PipeTransport : IMailTransport
{
    private readonly Pipe _toActor;
    private readonly Pipe _fromActor = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="waitsForReader">What the peer sends counts as sent when the actor has read it.</param>
    public PipeTransport(bool waitsForReader = false)
    {
        _toActor = new(waitsForReader ? new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1) : PipeOptions.Default);
        Gate = new GatedWriter(_fromActor.Writer);
    }

    /// <summary>Holds up what the actor sends.</summary>
    public GatedWriter Gate { get; }

    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 25);

    public IPEndPoint RemoteEndPoint { get; init; } = new(IPAddress.Loopback, 40000);

    public string? TlsDescription { get; private set; }

    /// <summary>What the handshake ends with; null where it succeeds.</summary>
    public Exception? HandshakeFailure { get; set; }

    public PipeReader Input => _toActor.Reader;

    public PipeWriter Output => Gate;

    /// <summary>The test writes what the peer sends.</summary>
    public PipeWriter PeerOutput => _toActor.Writer;

    /// <summary>The test reads what the actor sends.</summary>
    public PipeReader PeerInput => _fromActor.Reader;

    /// <summary>The actor ended the connection, whichever way.</summary>
    public Task Closed => _closed.Task;

    /// <summary>The actor ended it by <see cref="Abort"/>.</summary>
    public bool IsAborted { get; private set; }

    public Task StartTlsAsync(CancellationToken cancellation)
    {
        if (HandshakeFailure is { } failure)
        {
            return Task.FromException(failure);
        }

        TlsDescription = "TLS1.3 TEST";
        return Task.CompletedTask;
    }

    /// <summary>The peer ends the connection; with a cause it breaks.</summary>
    public void HangUp(Exception? cause = null)
    {
        _toActor.Writer.Complete(cause);
        _fromActor.Reader.Complete();
    }

    public async Task CloseAsync()
    {
        await _fromActor.Writer.CompleteAsync();
        await _toActor.Reader.CompleteAsync();
        _closed.TrySetResult();
    }

    public void Abort()
    {
        IsAborted = true;
        _toActor.Writer.Complete(new IOException("connection aborted"));
        _closed.TrySetResult();
    }
}
