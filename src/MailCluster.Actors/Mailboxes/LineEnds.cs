namespace MailCluster.Actors.Mailboxes;

/// <summary>
/// Makes CRLF of every LF that has no CR before it (RFC 9051 §2.3.1 wants messages as RFC 5322 has them), in pieces of any
/// length. All other octets stay as they are, a CR alone and NUL too. Used by one caller at a time.
/// </summary>
public sealed class LineEnds
{
    private byte[] _converted = [];
    private bool _afterCr;

    /// <summary>The octets with CRLF: the same memory where nothing is to be changed, else valid until the next call.</summary>
    public ReadOnlyMemory<byte> Convert(ReadOnlyMemory<byte> octets)
    {
        var bare = CountBare(octets.Span);
        if (bare == 0)
        {
            Note(octets.Span);
            return octets;
        }

        if (_converted.Length < octets.Length + bare)
        {
            _converted = new byte[octets.Length + bare];
        }

        var length = 0;
        foreach (var octet in octets.Span)
        {
            if (octet == (byte)'\n' && !_afterCr)
            {
                _converted[length++] = (byte)'\r';
            }

            _converted[length++] = octet;
            _afterCr = octet == (byte)'\r';
        }

        return _converted.AsMemory(0, length);
    }

    private int CountBare(ReadOnlySpan<byte> octets)
    {
        var bare = 0;
        var afterCr = _afterCr;
        for (var rest = octets; rest.IndexOf((byte)'\n') is var at and >= 0; rest = rest[(at + 1)..])
        {
            bare += (at == 0 ? afterCr : rest[at - 1] == (byte)'\r') ? 0 : 1;
            afterCr = false;
        }

        return bare;
    }

    private void Note(ReadOnlySpan<byte> octets) => _afterCr = octets.IsEmpty ? _afterCr : octets[^1] == (byte)'\r';
}
