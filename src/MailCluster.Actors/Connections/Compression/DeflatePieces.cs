using System.Buffers;
using System.IO.Pipelines;

namespace MailCluster.Actors.Connections.Compression;

/// <summary>
/// What a peer compressed, as the decompressor reads it: never more at a time than up to the end of one flush of the
/// peer's, so that what comes behind the last compressed octet is left in the pipe. Read by one caller at a time.
/// </summary>
internal sealed class DeflatePieces(PipeReader input) : Stream
{
    /// <summary>RFC 1951 §3.2.4: the lengths of the empty block that a flush ends with.</summary>
    private const uint FlushMark = 0x0000FFFF;

    private uint _lastOctets = uint.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            if (read.Buffer.IsEmpty && !read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.End);
                continue;
            }

            var within = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
            within.CopyTo(buffer.Span);
            var length = LengthOfPiece(buffer.Span[..(int)within.Length]);
            input.AdvanceTo(within.GetPosition(length));
            return length;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private int LengthOfPiece(ReadOnlySpan<byte> octets)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            _lastOctets = (_lastOctets << 8) | octets[i];
            if (_lastOctets == FlushMark)
            {
                return i + 1;
            }
        }

        return octets.Length;
    }
}
