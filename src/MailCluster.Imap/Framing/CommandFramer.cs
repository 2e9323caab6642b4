using System.Buffers;
using System.Buffers.Text;

namespace MailCluster.Imap.Framing;

/// <summary>
/// Cuts commands out of octets: lines, and the literals between them (RFC 9051 §4.3). Only CRLF ends a line. The octets of
/// a command are gathered as they came, literals and their headers included, so that the parser sees all of it; a literal
/// that is too large for that stays in the input for its reader. Used by one session.
/// </summary>
internal sealed class CommandFramer(int maxLine, int maxCommand)
{
    private ArrayBufferWriter<byte> _command = new(256);
    private int _lineStart;
    private long _literalLeft;
    private bool _skipping;
    private bool _isOver = true;

    /// <summary>What was gathered: the whole command, or all of it up to the header of <see cref="Literal"/>.</summary>
    public ReadOnlySpan<byte> Text => _command.WrittenSpan;

    /// <summary>After <see cref="FrameResult.Literal"/>: what the client announces.</summary>
    public LiteralHeader Literal { get; private set; }

    /// <summary>Whether the announced literal may be gathered as a part of the command.</summary>
    public bool Fits => Literal.Length <= maxCommand - _command.WrittenCount;

    public FrameResult Read(ref ReadOnlySequence<byte> input)
    {
        if (_isOver)
        {
            Begin();
        }

        while (true)
        {
            if (_literalLeft > 0 && !TakeLiteral(ref input))
            {
                return FrameResult.NeedMore;
            }

            if (!TakeLine(ref input))
            {
                return _command.WrittenCount - _lineStart > maxLine ? FrameResult.TooLong : FrameResult.NeedMore;
            }

            var line = _command.WrittenSpan[_lineStart..];
            if (line.Length > maxLine)
            {
                return FrameResult.TooLong;
            }

            if (!LiteralHeader.TryParse(line, out var literal))
            {
                return End();
            }

            Literal = literal;
            if (!_skipping)
            {
                return FrameResult.Literal;
            }

            if (literal.IsSynchronizing)
            {
                return End(); // it waits for a continuation that never comes
            }

            Skip();
        }
    }

    /// <summary>After <see cref="FrameResult.Literal"/>: its octets become a part of the command.</summary>
    public void Gather()
    {
        _literalLeft = Literal.Length;
        _lineStart = _command.WrittenCount + (int)_literalLeft;
    }

    /// <summary>
    /// After <see cref="FrameResult.Literal"/>: the caller takes its octets out of the input; what was gathered is done
    /// with, and the rest of the line is the next text.
    /// </summary>
    public void Pass()
    {
        _command.ResetWrittenCount();
        _lineStart = 0;
    }

    /// <summary>After <see cref="FrameResult.Literal"/>: this command is refused; all that is still to come of it is dropped.</summary>
    public void Skip() => Skip(Literal.Length);

    /// <summary>The same in the middle of a literal, of which so many octets are still to come.</summary>
    public void Skip(long left)
    {
        _skipping = true;
        _literalLeft = left;
        Pass();
    }

    /// <summary>After a synchronizing literal: the client is not told to go on, so the command ends here.</summary>
    public void Abandon() => _isOver = true;

    private void Begin()
    {
        _isOver = false;
        _skipping = false;
        _lineStart = 0;
        if (_command.Capacity > maxLine)
        {
            _command = new ArrayBufferWriter<byte>(256); // a large one now and then must not stay with an idle session
        }
        else
        {
            _command.ResetWrittenCount();
        }
    }

    private FrameResult End()
    {
        _isOver = true;
        return _skipping ? FrameResult.Skipped : FrameResult.Command;
    }

    private bool TakeLiteral(ref ReadOnlySequence<byte> input)
    {
        var octets = input.Slice(0, Math.Min(_literalLeft, input.Length));
        _literalLeft -= octets.Length;
        Take(octets, ref input);
        if (_skipping)
        {
            Pass();
        }

        return _literalLeft == 0;
    }

    /// <summary>Takes what there is of the line; true at its CRLF.</summary>
    private bool TakeLine(ref ReadOnlySequence<byte> input)
    {
        while (!input.IsEmpty)
        {
            var room = maxLine + 1L - (_command.WrittenCount - _lineStart);
            if (room <= 0)
            {
                return false;
            }

            var within = input.Slice(0, Math.Min(room, input.Length));
            var end = within.PositionOf((byte)'\n');
            Take(end is { } at ? within.Slice(0, within.GetPosition(1, at)) : within, ref input);
            if (end is not null && _command.WrittenSpan[_lineStart..].EndsWith("\r\n"u8))
            {
                return true;
            }
        }

        return false;
    }

    private void Take(ReadOnlySequence<byte> octets, ref ReadOnlySequence<byte> input)
    {
        foreach (var piece in octets)
        {
            _command.Write(piece.Span);
        }

        input = input.Slice(octets.End);
    }
}

/// <summary>What the framer found.</summary>
internal enum FrameResult
{
    /// <summary>All input is taken, and no command is complete.</summary>
    NeedMore,

    Command,

    /// <summary>A literal is announced: the caller says what becomes of it.</summary>
    Literal,

    /// <summary>The end of a command that was refused before.</summary>
    Skipped,

    /// <summary>Where the next command begins can no longer be told: the session must end.</summary>
    TooLong,
}

/// <summary>The end of a line that announces a literal: <c>{n}</c>, <c>{n+}</c> (RFC 7888), <c>~{n}</c> (RFC 3516 §4.4).</summary>
internal readonly record struct LiteralHeader(long Length, bool IsSynchronizing, bool IsBinary)
{
    /// <param name="line">With its CRLF.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, out LiteralHeader header)
    {
        header = default;
        var open = line.LastIndexOf((byte)'{');
        if (open < 0 || !line.EndsWith("}\r\n"u8))
        {
            return false;
        }

        var digits = line[(open + 1)..^3];
        var synchronizing = !digits.EndsWith("+"u8);
        digits = synchronizing ? digits : digits[..^1];
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(digits, out long length, out var used) || used != digits.Length)
        {
            return false;
        }

        header = new LiteralHeader(length, synchronizing, open > 0 && line[open - 1] == '~');
        return true;
    }
}
