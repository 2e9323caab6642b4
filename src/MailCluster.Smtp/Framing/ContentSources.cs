using System.Buffers;

namespace MailCluster.Smtp.Framing;

/// <summary>Content as a command brings it: with dots and an end mark, or counted.</summary>
internal interface IContentSource
{
    bool HasEnded { get; }

    /// <summary>With its end the message is complete.</summary>
    bool IsLast { get; }

    bool IsSpoiled { get; }

    /// <summary>
    /// Client and server may see the end in different places: whatever comes behind it is not to be trusted. This is
    /// what SMTP smuggling lives on.
    /// </summary>
    bool IsDesynchronized { get; }

    /// <summary>Returns how many octets it used up.</summary>
    int Decode(ReadOnlySpan<byte> octets, IBufferWriter<byte> content);
}

/// <summary>What follows DATA.</summary>
internal sealed class DottedContent : IContentSource
{
    private readonly ContentDecoder _decoder = new();

    public bool HasEnded => _decoder.HasEnded;

    public bool IsLast => true;

    public bool IsSpoiled => _decoder.HasBareLineEnd || _decoder.HasNul;

    public bool IsDesynchronized => _decoder.HasBareLineEnd;

    public int Decode(ReadOnlySpan<byte> octets, IBufferWriter<byte> content) => _decoder.Decode(octets, content);
}

/// <summary>What follows BDAT. Without BINARYMIME its lines must end in CRLF as everywhere.</summary>
internal sealed class ChunkContent(long size, bool isLast, bool binary, bool behindCr) : IContentSource
{
    private long _left = size;
    private bool _behindCr = behindCr;
    private bool _spoiled;

    public bool HasEnded => _left == 0;

    public bool IsLast => isLast;

    /// <summary>A CR at the very end is bare, too; at the end of a chunk its LF may come with the next.</summary>
    public bool IsSpoiled => _spoiled || (isLast && HasEnded && _behindCr);

    /// <summary>Never: the end was counted.</summary>
    public bool IsDesynchronized => false;

    public bool EndsInCr => _behindCr;

    public int Decode(ReadOnlySpan<byte> octets, IBufferWriter<byte> content)
    {
        var taken = octets[..(int)Math.Min(octets.Length, _left)];
        _left -= taken.Length;
        content.Write(taken);
        if (!binary)
        {
            CheckLineEnds(taken);
        }

        return taken.Length;
    }

    private void CheckLineEnds(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty && !_spoiled)
        {
            if (_behindCr)
            {
                _spoiled = octets[0] != (byte)'\n';
                _behindCr = false;
                octets = octets[1..];
                continue;
            }

            var special = octets.IndexOfAny("\r\n\0"u8);
            if (special < 0)
            {
                return;
            }

            _behindCr = octets[special] == (byte)'\r';
            _spoiled = !_behindCr;
            octets = octets[(special + 1)..];
        }
    }
}

/// <summary>Where octets of a refused message go.</summary>
internal sealed class NullWriter : IBufferWriter<byte>
{
    public static readonly NullWriter Instance = new();

    // Nobody reads it: all sessions may write into it at once.
    private readonly byte[] _scratch = new byte[Server.ContentReceiver.PieceSize];

    public void Advance(int count)
    {
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => sizeHint > _scratch.Length ? new byte[sizeHint] : _scratch;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
