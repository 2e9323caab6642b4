using System.Buffers;
using System.Text;
using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Search;

/// <summary>Keeps the header and the readable parts of one message while its octets go by, within the limits.</summary>
internal sealed class TextCollector(SearchLimits limits) : IPartReader
{
    private readonly ArrayBufferWriter<byte> _header = new();
    private readonly ArrayBufferWriter<byte> _octets = new();
    private readonly StringBuilder _body = new();
    private int _octetsLeft = limits.MaxTextOctets;
    private PartBuilder? _part;

    public void Header(PartBuilder part, ReadOnlySpan<byte> piece)
    {
        if (part is { IsMessage: true, Parent: null })
        {
            _header.Write(piece[..Math.Min(piece.Length, limits.MaxHeaderOctets - _header.WrittenCount)]);
        }
    }

    public void Begin(PartBuilder part)
    {
        if (part is { IsMessage: true, Parent: not null, Envelope: { } envelope })
        {
            Add(FieldText.Of(envelope.Subject));
            Add(FieldText.Of(envelope.From));
            Add(FieldText.Of(envelope.To));
            Add(FieldText.Of(envelope.Cc));
        }

        if (part.IsReadable)
        {
            _part = part;
            _octets.ResetWrittenCount();
        }
    }

    public void Write(ReadOnlySpan<byte> piece)
    {
        if (_part is not null && _octetsLeft > 0)
        {
            var taken = piece[..Math.Min(piece.Length, _octetsLeft)];
            _octets.Write(taken);
            _octetsLeft -= taken.Length;
        }
    }

    public void End(PartBuilder part)
    {
        if (_part == part)
        {
            _part = null;
            Add(PartText.From(_octets.WrittenSpan, part, limits.MaxTextOctets));
        }
    }

    public SearchableText Complete() => new(HeaderText.Of(_header.WrittenSpan), _body.ToString());

    private void Add(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > 0 && _body.Length < limits.MaxTextOctets)
        {
            ComparableText.Append(_body, trimmed);
            _body.Append(HeaderText.LineEnd);
        }
    }
}
