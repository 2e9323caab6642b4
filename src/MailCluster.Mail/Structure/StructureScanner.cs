namespace MailCluster.Mail.Structure;

/// <summary>
/// Goes once over the lines of a message and notes where its parts begin and end (RFC 2046 §5.1). Knows nothing of
/// streams. LF ends a line, with or without CR: what is stored is measured as it is. Open parts are a chain and not a
/// call stack, so nesting costs no stack; a body that nobody previews is only counted.
/// </summary>
internal sealed class StructureScanner(StructureLimits limits, IPartReader? reader = null)
{
    private readonly HeaderAllowance _allowance = new(limits.MaxHeaderOctets);
    private readonly PreviewCollector _preview = new(limits.MaxPreviewOctets);
    private PartBuilder? _top;
    private MessagePart? _root;
    private MessageEnvelope _envelope = MessageEnvelope.Empty;
    private string? _references;
    private int _depth;
    private int _parts;
    private bool _restIsOpaque;

    // Of the octets so far: how many, their line ends, and how the last of these lines looked.
    private long _position;
    private long _lines;
    private int _lastLineEnd;
    private bool _lastLineHasText;

    /// <summary>A line with its end, or a piece of a line too long to be held.</summary>
    public void Line(ReadOnlySpan<byte> piece, bool begins, bool ends)
    {
        if (_top is null)
        {
            Open(new PartBuilder(null, true, 0, _allowance));
        }

        if (!begins || !ends || !piece.StartsWith("--"u8) || !TryDelimiter(piece))
        {
            Content(piece, begins);
        }

        var end = !piece.EndsWith("\n"u8) ? 0 : piece.EndsWith("\r\n"u8) ? 2 : 1;
        _lastLineHasText = piece.Length > end || (!begins && _lastLineHasText);
        _lastLineEnd = end;
        _lines += end > 0 ? 1 : 0;
        _position += piece.Length;
    }

    public MessageStructure Complete()
    {
        _top ??= new PartBuilder(null, true, 0, _allowance);
        CloseDownTo(null, _position, _lines + (_lastLineEnd == 0 && _lastLineHasText ? 1 : 0));
        return new MessageStructure
        {
            Size = _position,
            Envelope = _envelope,
            Root = _root!,
            SortKeys = HeaderReading.SortKeys(_envelope, _references),
            Preview = _preview.Text,
            HasAttachment = Attachments.AnyIn(_root!),
        };
    }

    private bool TryDelimiter(ReadOnlySpan<byte> line)
    {
        var text = line[2..].TrimEnd(" \t\r\n"u8);
        for (var part = _restIsOpaque ? null : _top; part is not null; part = part.Parent)
        {
            // The whole of the line counts, so that one boundary may be the beginning of another.
            if (part.Boundary is not { } boundary || !text.StartsWith(boundary))
            {
                continue;
            }

            var isClose = text.Length == boundary.Length + 2 && text.EndsWith("--"u8);
            if (isClose || text.Length == boundary.Length)
            {
                Delimit(part, isClose, _position + line.Length);
                return true;
            }
        }

        return false;
    }

    private void Delimit(PartBuilder multipart, bool isClose, long next)
    {
        // RFC 2046 §5.1.1: the line end before the delimiter is part of it.
        var lines = _lines - (_lastLineEnd > 0 && !_lastLineHasText ? 1 : 0);
        CloseDownTo(multipart, _position - _lastLineEnd, lines);
        if (isClose)
        {
            multipart.Boundary = null;
            return;
        }

        Open(new PartBuilder(multipart, false, next, _allowance));
        if (_parts >= limits.MaxParts)
        {
            _top!.BeOpaque(next, 0);
            _restIsOpaque = true;
        }
    }

    private void Content(ReadOnlySpan<byte> piece, bool begins)
    {
        while (_top!.InHeader)
        {
            if (begins && piece.TrimStart("\r"u8) is [(byte)'\n'])
            {
                BeginBody(_position + piece.Length, _lines + 1);
                return;
            }

            if (_top.HeaderHasLines || HeaderFields.FieldNameLength(piece) > 0 || piece.StartsWith("From "u8))
            {
                HeaderLine(_top, piece, begins);
                return;
            }

            // No field at the beginning: there is no header, and this is the body already.
            BeginBody(_position, _lines);
        }

        _preview.Write(piece);
        reader?.Write(piece);
    }

    private void HeaderLine(PartBuilder part, ReadOnlySpan<byte> piece, bool begins)
    {
        reader?.Header(part, piece);
        part.HeaderHasLines = true;
        if (begins)
        {
            part.Fields.Line(piece);
        }
        else
        {
            part.Fields.Continue(piece);
        }
    }

    private void BeginBody(long at, long lines)
    {
        var part = _top!;
        part.BeginBody(at, lines, _depth < limits.MaxDepth && _parts < limits.MaxParts);
        reader?.Begin(part);
        if (part.IsEmbedding)
        {
            Open(new PartBuilder(part, true, at, _allowance));
        }
        else if (part.IsReadable)
        {
            _preview.Begin(part);
        }
    }

    private void Open(PartBuilder part)
    {
        _top = part;
        _depth++;
        _parts++;
    }

    private void CloseDownTo(PartBuilder? target, long end, long lines)
    {
        while (_top != target)
        {
            var part = _top!;
            if (part.InHeader)
            {
                // The header was cut short. An embedded message opens here and is closed in the next round.
                BeginBody(Math.Max(end, part.HeaderStart), lines);
                continue;
            }

            _preview.End(part);
            reader?.End(part);
            var isEmpty = end <= part.BodyStart;
            Close(part, part.Build(isEmpty ? part.BodyStart : end, isEmpty ? 0 : lines - part.BodyStartLines));
        }
    }

    private void Close(PartBuilder part, MessagePart built)
    {
        if (part.Parent is null)
        {
            (_root, _envelope, _references) = (built, part.Envelope ?? MessageEnvelope.Empty, part.References);
        }
        else if (part.IsMessage)
        {
            part.Parent.Embedded = new EmbeddedMessage(part.Envelope ?? MessageEnvelope.Empty, built);
        }
        else
        {
            part.Parent.Add(built);
        }

        _top = part.Parent;
        _depth--;
    }
}
