using System.Buffers;

namespace MailCluster.Smtp.Framing;

/// <summary>
/// Undoes the dots of RFC 5321 §4.5.2 and finds the end of DATA. Only CRLF.CRLF is the end; a bare CR or LF is neither
/// end nor line (§4.1.1.4), it spoils the message, since the next server might take it for one.
/// </summary>
internal sealed class ContentDecoder
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\r\n\0"u8);

    private Place _place = Place.LineStart;

    private enum Place
    {
        LineStart,
        InLine,
        BehindCr,
        BehindDot,
        BehindDotCr,
        Ended,
    }

    /// <summary>A bare CR or a bare LF was seen: somebody else may have seen the end of content there.</summary>
    public bool HasBareLineEnd { get; private set; }

    /// <summary>RFC 5322 §4 has NUL in no message, and many a program ends its text there.</summary>
    public bool HasNul { get; private set; }

    /// <summary>CRLF.CRLF was seen.</summary>
    public bool HasEnded => _place == Place.Ended;

    /// <summary>Decodes up to the end of the octets or of the content. Returns how many octets it used up.</summary>
    public int Decode(ReadOnlySpan<byte> octets, IBufferWriter<byte> content)
    {
        var at = 0;
        while (at < octets.Length && _place != Place.Ended)
        {
            at += _place switch
            {
                Place.LineStart => BeginLine(octets[at]),
                Place.InLine => CopyLine(octets[at..], content),
                Place.BehindCr => EndLine(octets[at], content),
                Place.BehindDot => BehindDot(octets[at]),
                _ => BehindDotCr(octets[at], content),
            };
        }

        return at;
    }

    private int BeginLine(byte first)
    {
        _place = first == (byte)'.' ? Place.BehindDot : Place.InLine;
        return first == (byte)'.' ? 1 : 0;
    }

    private int CopyLine(ReadOnlySpan<byte> octets, IBufferWriter<byte> content)
    {
        var length = octets.IndexOfAny(Special);
        if (length < 0)
        {
            content.Write(octets);
            return octets.Length;
        }

        content.Write(octets[..length]);
        var special = octets[length];
        _place = special == (byte)'\r' ? Place.BehindCr : Place.InLine;
        HasBareLineEnd |= special == (byte)'\n';
        HasNul |= special == 0;
        return length + 1;
    }

    private int EndLine(byte next, IBufferWriter<byte> content)
    {
        if (next == (byte)'\n')
        {
            content.Write("\r\n"u8);
            _place = Place.LineStart;
            return 1;
        }

        HasBareLineEnd = true;
        _place = Place.InLine;
        return 0;
    }

    private int BehindDot(byte next)
    {
        if (next == (byte)'\r')
        {
            _place = Place.BehindDotCr;
            return 1;
        }

        _place = Place.InLine;
        return 0;
    }

    private int BehindDotCr(byte next, IBufferWriter<byte> content)
    {
        if (next == (byte)'\n')
        {
            _place = Place.Ended;
            return 1;
        }

        return EndLine(next, content);
    }
}
