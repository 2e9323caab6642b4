using System.Collections.Immutable;
using System.Text;

namespace MailCluster.Mail.Structure;

/// <summary>
/// Reads what <see cref="StructureWriter"/> wrote. The first error sticks: everything after it is empty, and
/// <see cref="IsWhole"/> is false.
/// </summary>
internal ref struct StructureParser(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _left = octets;
    private bool _damaged;

    /// <summary>Read to the last octet, without an error.</summary>
    public readonly bool IsWhole => !_damaged && _left.IsEmpty;

    public readonly bool IsDamaged => _damaged;

    public MessageStructure Structure()
    {
        return new MessageStructure
        {
            Size = Number(),
            Envelope = Envelope(),
            SortKeys = SortKeys(),
            Preview = RequiredText(),
            HasAttachment = Flag(),
            Root = Part(0, StructureLimits.DeepestNesting),
        };
    }

    /// <summary>What stands behind them is not read.</summary>
    public MessageSortKeys SortKeysAlone()
    {
        Number();
        Envelope();
        return SortKeys();
    }

    private MessagePart Part(long origin, int depth)
    {
        _damaged |= depth == 0;
        var part = new MessagePart
        {
            MediaType = RequiredText(),
            MediaSubtype = RequiredText(),
            Parameters = Parameters(),
            ContentId = Text(),
            Description = Text(),
            TransferEncoding = RequiredText(),
            Disposition = Text(),
            DispositionParameters = Parameters(),
            Languages = Texts(),
            Location = Text(),
            Md5 = Text(),
            Header = new OctetRange(origin + Number(), Number()),
            Body = default,
            Lines = 0,
        };
        var body = new OctetRange(part.Header.End, Number());
        var lines = Number();
        var children = ImmutableArray.CreateBuilder<MessagePart>(Count());
        for (var i = children.Capacity; i > 0 && !_damaged; i--)
        {
            children.Add(Part(part.Header.Start, depth - 1));
        }

        var embedded = Flag() && !_damaged
            ? new EmbeddedMessage(Envelope(), Part(part.Header.Start, depth - 1))
            : null;
        return part with { Body = body, Lines = lines, Children = children.ToImmutable(), Embedded = embedded };
    }

    private MessageEnvelope Envelope()
    {
        var date = Text();
        var subject = Text();
        var from = Addresses();
        return new MessageEnvelope
        {
            Date = date,
            Subject = subject,
            From = from,
            Sender = Flag() ? from : Addresses(),
            ReplyTo = Flag() ? from : Addresses(),
            To = Addresses(),
            Cc = Addresses(),
            Bcc = Addresses(),
            InReplyTo = Text(),
            MessageId = Text(),
        };
    }

    private MessageSortKeys SortKeys()
    {
        return new MessageSortKeys
        {
            BaseSubject = RequiredText(),
            IsReplyOrForward = Flag(),
            SentAt = Instant(),
            FromMailbox = RequiredText(),
            ToMailbox = RequiredText(),
            CcMailbox = RequiredText(),
            DisplayFrom = RequiredText(),
            DisplayTo = RequiredText(),
            MessageId = Text(),
            References = Texts(),
        };
    }

    private DateTimeOffset? Instant()
    {
        var ticks = Number() - 1;
        _damaged |= ticks > DateTime.MaxValue.Ticks;
        return ticks < 0 || _damaged ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    private ImmutableArray<MessageAddress> Addresses()
    {
        var addresses = ImmutableArray.CreateBuilder<MessageAddress>(Count());
        for (var i = addresses.Capacity; i > 0 && !_damaged; i--)
        {
            addresses.Add(new MessageAddress(Text(), Text(), Text(), Text()));
        }

        return addresses.ToImmutable();
    }

    private ImmutableArray<MimeParameter> Parameters()
    {
        var parameters = ImmutableArray.CreateBuilder<MimeParameter>(Count());
        for (var i = parameters.Capacity; i > 0 && !_damaged; i--)
        {
            parameters.Add(new MimeParameter(RequiredText(), RequiredText()));
        }

        return parameters.ToImmutable();
    }

    private ImmutableArray<string> Texts()
    {
        var texts = ImmutableArray.CreateBuilder<string>(Count());
        for (var i = texts.Capacity; i > 0 && !_damaged; i--)
        {
            texts.Add(RequiredText());
        }

        return texts.ToImmutable();
    }

    private string RequiredText()
    {
        var text = Text();
        _damaged |= text is null;
        return text ?? "";
    }

    private string? Text()
    {
        var length = Number() - 1;
        if (length > _left.Length)
        {
            _damaged = true;
        }

        if (length < 0 || _damaged)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(_left[..(int)length]);
        _left = _left[(int)length..];
        return text;
    }

    private bool Flag()
    {
        var value = Number();
        _damaged |= value > 1;
        return value == 1;
    }

    /// <summary>Every thing takes an octet at least, so no number can ask for more room than the octets left.</summary>
    private int Count()
    {
        var count = Number();
        _damaged |= count > _left.Length;
        return _damaged ? 0 : (int)count;
    }

    private long Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 63 && !_damaged; shift += 7)
        {
            if (_left.IsEmpty)
            {
                break;
            }

            var octet = _left[0];
            _left = _left[1..];
            value |= (ulong)(octet & 0x7F) << shift;
            if (octet < 0x80)
            {
                return (long)value;
            }
        }

        _damaged = true;
        return 0;
    }
}
