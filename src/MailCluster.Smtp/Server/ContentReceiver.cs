using System.Buffers;
using System.Text;
using MailCluster.Mail.Headers;
using MailCluster.Mail.Identity;

namespace MailCluster.Smtp.Server;

/// <summary>
/// Gathers the content of one message: the trace header first, then what the client sends, in pieces for the host.
/// Counts what RFC 5321 §6.3 wants counted, and for a submission adds the fields that RFC 6409 §8 wants there.
/// </summary>
internal sealed class ContentReceiver(SmtpServerOptions options, QueueId id, DateTimeOffset now)
{
    /// <summary>Octets given to the host at a time; also how much of a message a session holds at the most.</summary>
    public const int PieceSize = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _piece = new(initialCapacity: 2048);
    private readonly HeaderScanner _header = new();
    private int _scanned;
    private long _shift;
    private bool _headerDone;

    public long Size { get; private set; }

    /// <summary>What is to be written, to be cleared by <see cref="ClearPiece"/> when it is.</summary>
    public ReadOnlyMemory<byte> Piece => _piece.WrittenMemory;

    public bool IsPieceFull => _piece.WrittenCount >= PieceSize;

    /// <summary>Where decoded octets go; call <see cref="Scan"/> afterwards.</summary>
    public IBufferWriter<byte> Output => _piece;

    public bool IsTooBig => Size > options.MaxMessageSize;

    public bool IsLooping => _header.ReceivedCount > options.MaxReceivedFields;

    /// <summary>Puts the trace header before everything else.</summary>
    public void Begin(string traceHeader)
    {
        var octets = Encoding.UTF8.GetBytes(traceHeader);
        _piece.Write(octets);
        _scanned = octets.Length;
        _shift = octets.Length;
    }

    /// <summary>Looks at what was decoded since the last call.</summary>
    public void Scan()
    {
        var fresh = _piece.WrittenSpan[_scanned..];
        Size += fresh.Length;
        if (!_headerDone)
        {
            ScanHeader(fresh);
        }

        _scanned = _piece.WrittenCount;
    }

    /// <summary>The content is complete: a header that never ended is complete, too.</summary>
    public void End()
    {
        if (!_headerDone)
        {
            _headerDone = true;
            AddMissingFields(Size);
        }
    }

    public void ClearPiece()
    {
        _piece.ResetWrittenCount();
        _scanned = 0;
        _shift = -Size;
    }

    private void ScanHeader(ReadOnlySpan<byte> fresh)
    {
        _header.Scan(fresh);
        if (_header.IsComplete)
        {
            _headerDone = true;
            AddMissingFields(_header.HeaderLength);
        }
    }

    /// <summary>
    /// Fields that RFC 6409 §8.2 and §8.3 want, and the empty line that a message without header lacks: without it our
    /// own trace field would run into its text.
    /// </summary>
    private void AddMissingFields(long headerLength)
    {
        // Where the header's end stands in this piece; a line so long that its start is gone already stays as it is.
        var at = (int)(headerLength + _shift);
        if (at < 0)
        {
            return;
        }

        var submission = options.Role == SmtpRole.Submission;
        var fields = (submission && !_header.HasDate ? $"Date: {MailDate.Format(now)}\r\n" : "")
            + (submission && !_header.HasMessageId ? $"Message-ID: {HeaderScanner.MessageId(id, options.Hostname)}\r\n" : "")
            + (at == _piece.WrittenCount || _piece.WrittenSpan[at] == (byte)'\r' ? "" : "\r\n");
        if (fields.Length > 0)
        {
            Insert(at, Encoding.ASCII.GetBytes(EndsLine(at) ? fields : "\r\n" + fields));
        }
    }

    /// <summary>False where BDAT brought a header that ends within a line: a field put there would become part of it.</summary>
    private bool EndsLine(int at) => at == 0 || _piece.WrittenSpan[at - 1] == (byte)'\n';

    private void Insert(int at, ReadOnlySpan<byte> octets)
    {
        var head = _piece.WrittenSpan[..at].ToArray();
        var behind = _piece.WrittenSpan[at..].ToArray();
        _piece.ResetWrittenCount();
        _piece.Write(head);
        _piece.Write(octets);
        _piece.Write(behind);
    }
}
