using System.Buffers;
using MimeKit.Encodings;

namespace MailCluster.Mail.Mime;

/// <summary>
/// Undoes a content transfer encoding (RFC 2045 §6) piece by piece, in memory that does not grow with the part. Wrong
/// octets are passed over, as readers of mail do. Used for one part, by one caller at a time.
/// </summary>
public sealed class TransferDecoder
{
    /// <summary>Encoded octets that are decoded at a time.</summary>
    private const int LargestPiece = 16 * 1024;

    private readonly IMimeDecoder? _decoder;
    private readonly bool _isText;
    private readonly byte[] _input;
    private readonly byte[] _output;
    private readonly ArrayBufferWriter<byte>? _lines;
    private readonly bool _isBase64;
    private bool _endsWithCr;
    private long _base64Characters;

    /// <param name="encoding">In lower case, one that <see cref="Knows"/>.</param>
    /// <param name="isText">Every line shall end with CRLF (RFC 9051 §7.5.2, BINARY).</param>
    public TransferDecoder(string encoding, bool isText)
    {
        _decoder = encoding switch
        {
            "base64" => new Base64Decoder(),
            "quoted-printable" => new QuotedPrintableDecoder(),
            _ => null,
        };
        _isBase64 = encoding == "base64";
        _isText = isText;
        _input = _decoder is null ? [] : new byte[LargestPiece];
        _output = _decoder is null ? [] : new byte[_decoder.EstimateOutputLength(LargestPiece)];
        _lines = isText ? new ArrayBufferWriter<byte>() : null;
    }

    public static bool Knows(string encoding) => encoding is "7bit" or "8bit" or "binary" or "base64" or "quoted-printable";

    /// <summary>What is to be decoded next begins here.</summary>
    /// <param name="octets">Shortened by what was taken; called again until nothing is left.</param>
    /// <returns>Valid until the next call; may be empty.</returns>
    public ReadOnlyMemory<byte> Decode(ref ReadOnlyMemory<byte> octets)
    {
        var piece = octets[..Math.Min(octets.Length, LargestPiece)];
        octets = octets[piece.Length..];
        if (_decoder is not null)
        {
            piece.CopyTo(_input);
            CountBase64(piece.Span);
            piece = _output.AsMemory(0, _decoder.Decode(_input, 0, piece.Length, _output));
        }

        return _isText ? WithLineEnds(piece) : piece;
    }

    /// <summary>What is left at the end of the part: Base64 whose padding is missing is read all the same.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        var missing = (int)(-_base64Characters & 3);
        if (missing is not (1 or 2))
        {
            return default;
        }

        ReadOnlyMemory<byte> padding = "=="u8[..missing].ToArray();
        return Decode(ref padding);
    }

    /// <summary>All of a small part.</summary>
    public ReadOnlyMemory<byte> DecodeAll(ReadOnlyMemory<byte> octets)
    {
        var all = new ArrayBufferWriter<byte>(Math.Max(1, octets.Length));
        while (!octets.IsEmpty)
        {
            all.Write(Decode(ref octets).Span);
        }

        all.Write(Finish().Span);
        return all.WrittenMemory;
    }

    private void CountBase64(ReadOnlySpan<byte> octets)
    {
        if (!_isBase64)
        {
            return;
        }

        foreach (var octet in octets)
        {
            _base64Characters += char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'+' or (byte)'/' or (byte)'=' ? 1 : 0;
        }
    }

    private ReadOnlyMemory<byte> WithLineEnds(ReadOnlyMemory<byte> piece)
    {
        var left = piece.Span;
        _lines!.ResetWrittenCount();
        while (!left.IsEmpty)
        {
            var end = left.IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            _lines.Write(left[..end]);
            _lines.Write((end == 0 ? _endsWithCr : left[end - 1] == '\r') ? "\n"u8 : "\r\n"u8);
            _endsWithCr = false;
            left = left[(end + 1)..];
        }

        _lines.Write(left);
        _endsWithCr = left.IsEmpty ? _endsWithCr && piece.IsEmpty : left[^1] == '\r';
        return _lines.WrittenMemory;
    }
}
