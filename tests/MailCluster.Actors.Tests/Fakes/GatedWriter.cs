using System.IO.Pipelines;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>What is written goes on; a flush waits at the gate, as where the peer does not read.</summary>
internal sealed class GatedWriter(PipeWriter inner) : PipeWriter
{
    private TaskCompletionSource? _gate;
    private TaskCompletionSource _reached = new();
    private volatile bool _flushing;

    /// <summary>Memory was asked for while a flush was under way: a pipe upon a stream has given its own back by then.</summary>
    public bool WasMisused { get; private set; }

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <summary>The next flushes wait until <see cref="Open"/>; returns when the first one does.</summary>
    public Task CloseAsync()
    {
        _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _reached.Task;
    }

    public void Open()
    {
        var gate = _gate;
        _gate = null;
        gate?.SetResult();
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _gate is { } gate ? FlushBehindAsync(gate.Task, cancellationToken) : inner.FlushAsync(cancellationToken);

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        WasMisused |= _flushing;
        return inner.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        WasMisused |= _flushing;
        return inner.GetSpan(sizeHint);
    }

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private async ValueTask<FlushResult> FlushBehindAsync(Task gate, CancellationToken cancellation)
    {
        _flushing = true;
        _reached.TrySetResult();
        await gate;
        _flushing = false;
        return await inner.FlushAsync(cancellation);
    }
}
