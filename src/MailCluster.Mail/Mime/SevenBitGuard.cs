namespace MailCluster.Mail.Mime;

/// <summary>
/// Passes octets on and sees whether all of them may go to a server without 8BITMIME: 7-bit, no NUL, lines of at most
/// 998 octets, ended by CRLF. Does not own the stream behind it.
/// </summary>
internal sealed class SevenBitGuard(Stream inner) : Stream
{
    /// <summary>RFC 5321 §4.5.3.1.6: 1000 octets with the CRLF.</summary>
    private const int MaxLineLength = 998;

    private bool _broken;
    private bool _afterCr;
    private int _lineLength;

    /// <summary>Whether what was written so far is whole lines of 7-bit text.</summary>
    public bool IsSevenBitText => !_broken && !_afterCr && _lineLength == 0;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Look(buffer);
        inner.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Look(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
        {
            var isLf = octet == '\n';
            _broken |= octet is 0 or > 0x7F || isLf != _afterCr;
            _afterCr = octet == '\r';
            _lineLength = isLf ? 0 : _lineLength + (_afterCr ? 0 : 1);
            _broken |= _lineLength > MaxLineLength;
        }
    }
}
