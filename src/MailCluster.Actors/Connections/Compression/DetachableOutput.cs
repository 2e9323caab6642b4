using System.IO.Pipelines;

namespace MailCluster.Actors.Connections.Compression;

/// <summary>What the compressor writes to; nothing any more when it is detached. Written by one caller at a time.</summary>
internal sealed class DetachableOutput(PipeWriter output) : Stream
{
    private bool _isDetached;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The compressor ends, and the end of its stream is not for the peer.</summary>
    public void Detach() => _isDetached = true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isDetached)
        {
            await output.WriteAsync(buffer, cancellationToken);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!_isDetached)
        {
            await output.FlushAsync(cancellationToken);
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (!_isDetached)
        {
            throw new NotSupportedException(); // it would block a thread
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
