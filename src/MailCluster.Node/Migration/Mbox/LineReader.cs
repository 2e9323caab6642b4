namespace MailCluster.Node.Migration.Mbox;

/// <summary>Reads lines as pieces of bounded length, so that a line without an end costs no memory.</summary>
/// <param name="left">Octets that may be read.</param>
internal sealed class LineReader(Stream stream, long left = long.MaxValue)
{
    /// <summary>Octets of the longest piece.</summary>
    public const int MaxPiece = 64 * 1024;

    private readonly byte[] _buffer = new byte[MaxPiece];
    private int _at;
    private int _end;
    private bool _atStart = true;

    /// <summary>Octets of all pieces before the last.</summary>
    public long PieceOffset { get; private set; }

    /// <summary>Octets of all pieces.</summary>
    public long Offset { get; private set; }

    /// <param name="piece">To the end of the line, LF included, where it fits; valid until the next call.</param>
    /// <param name="isStart">A line begins with it.</param>
    public bool TryRead(out ReadOnlySpan<byte> piece, out bool isStart)
    {
        var length = _buffer.AsSpan(_at, _end - _at).IndexOf((byte)'\n') + 1;
        if (length == 0)
        {
            Fill();
            length = _buffer.AsSpan(_at, _end - _at).IndexOf((byte)'\n') + 1;
            length = length > 0 ? length : _end - _at;
        }

        piece = _buffer.AsSpan(_at, length);
        isStart = _atStart;
        _atStart = !piece.IsEmpty && piece[^1] == (byte)'\n';
        _at += length;
        PieceOffset = Offset;
        Offset += length;
        return length > 0;
    }

    private void Fill()
    {
        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        _end -= _at;
        _at = 0;
        int read;
        do
        {
            var room = (int)Math.Min(_buffer.Length - _end, left);
            read = room == 0 ? 0 : stream.Read(_buffer, _end, room);
            _end += read;
            left -= read;
        }
        while (read > 0);
    }
}
