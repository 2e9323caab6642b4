using System.Buffers;

namespace MailCluster.Mail.Structure;

/// <summary>Keeps the beginning of each readable part until one of them gives a preview (RFC 8970 §3).</summary>
internal sealed class PreviewCollector(int maxOctets)
{
    private readonly ArrayBufferWriter<byte> _octets = new();
    private PartBuilder? _part;

    public string Text { get; private set; } = "";

    public void Begin(PartBuilder part)
    {
        if (Text.Length == 0)
        {
            _part = part;
            _octets.ResetWrittenCount();
        }
    }

    public void Write(ReadOnlySpan<byte> piece)
    {
        if (_part is not null)
        {
            _octets.Write(piece[..Math.Min(piece.Length, maxOctets - _octets.WrittenCount)]);
        }
    }

    public void End(PartBuilder part)
    {
        if (_part == part)
        {
            _part = null;
            Text = PreviewText.From(_octets.WrittenSpan, part.TransferEncoding, part.Charset, part.IsHtml);
        }
    }
}
