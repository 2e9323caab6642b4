namespace MailCluster.Mail.Headers;

/// <summary>
/// Whether the header of a message holds an octet beyond ASCII (RFC 6855 §4), as its octets stream by in pieces cut
/// anywhere. A line is as it is stored: it ends with LF, with CR before it or not. Used by one caller at a time.
/// </summary>
public sealed class EightBitHeader
{
    private bool _isOver;
    private bool _lineIsEmpty = true;

    public bool IsFound { get; private set; }

    public void Read(ReadOnlySpan<byte> octets)
    {
        while (!_isOver && !octets.IsEmpty)
        {
            var end = octets.IndexOf((byte)'\n');
            var line = end < 0 ? octets : octets[..end];
            if (line.ContainsAnyInRange((byte)0x80, (byte)0xFF))
            {
                IsFound = true;
                _isOver = true;
                return;
            }

            _lineIsEmpty = _lineIsEmpty && line.TrimEnd((byte)'\r').IsEmpty;
            if (end < 0)
            {
                return;
            }

            _isOver = _lineIsEmpty;
            _lineIsEmpty = true;
            octets = octets[(end + 1)..];
        }
    }
}
