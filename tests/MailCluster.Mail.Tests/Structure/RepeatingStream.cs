using System.Text;

namespace MailCluster.Mail.Tests.Structure;

/// <summary>A message too big to be built: a prefix, then the same octets over and over.</summary>
internal sealed class RepeatingStream(byte[] octets, int count, int piece = int.MaxValue, string prefix = "") : Stream
{
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(prefix);
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _prefix.Length + ((long)octets.Length * count);

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(Math.Min(buffer.Length, piece), Length - _position);
        for (var done = 0; done < wanted;)
        {
            var source = _position < _prefix.Length
                ? _prefix.AsSpan((int)_position)
                : octets.AsSpan((int)((_position - _prefix.Length) % octets.Length));
            var length = Math.Min(source.Length, wanted - done);
            source[..length].CopyTo(buffer[done..]);
            done += length;
            _position += length;
        }

        return wanted;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
