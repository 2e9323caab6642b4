namespace MailCluster.Node.Migration.Maildir;

/// <summary>
/// Takes CRLF and writes LF, as files of this machine's programs have it. A CR that ends no line could not be told from
/// one that does when the file is read again, so it is noticed.
/// </summary>
internal sealed class LineFeeds(Stream file) : Stream
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private bool _hasCr;

    /// <summary>Octets as they came.</summary>
    public long Taken { get; private set; }

    /// <summary>There is a CR without LF: the file is not what it should be.</summary>
    public bool HasBareCr { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Behind the last octet.</summary>
    public void End() => HasBareCr |= _hasCr;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Taken += buffer.Length;
        for (var rest = buffer; !rest.IsEmpty;)
        {
            var piece = rest[..Math.Min(rest.Length, _buffer.Length)];
            rest = rest[piece.Length..];
            await file.WriteAsync(_buffer.AsMemory(0, Convert(piece.Span)), cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => file.FlushAsync(cancellationToken);

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Convert(ReadOnlySpan<byte> octets)
    {
        var length = 0;
        foreach (var octet in octets)
        {
            HasBareCr |= _hasCr && octet != (byte)'\n';
            _hasCr = octet == (byte)'\r';
            if (!_hasCr)
            {
                _buffer[length++] = octet;
            }
        }

        return length;
    }
}
