using System.Buffers.Text;
using System.Net.Sockets;

namespace MailCluster.Benchmarks.Imap;

/// <summary>Lines and literals out of a socket, without a copy.</summary>
internal sealed class ImapReader(Socket socket, int bufferSize)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private byte[] _buffer = new byte[bufferSize];
    private int _start;
    private int _end;

    /// <summary>How long a literal follows the line (RFC 9051 §4.3), or -1.</summary>
    public static long LiteralAtEnd(ReadOnlySpan<byte> line)
    {
        const int None = -1;
        if (!line.EndsWith("}"u8))
        {
            return None;
        }

        var digits = line[(line.LastIndexOf((byte)'{') + 1)..^1];
        return Utf8Parser.TryParse(digits, out long octets, out var read) && read == digits.Length
            ? octets
            : None;
    }

    /// <summary>A line without its CRLF; valid until the next one is read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync()
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + found);
                _start += searched + found + 1;
                return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
            }

            searched = _end - _start;
            await ReceiveAsync();
        }
    }

    public async ValueTask SkipAsync(long octets)
    {
        while (octets > _end - _start)
        {
            octets -= _end - _start;
            _start = _end = 0;
            await ReceiveAsync();
        }

        _start += (int)octets;
    }

    /// <summary>More octets behind those that are not read yet, for which room is made.</summary>
    private async ValueTask ReceiveAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var receiving = socket.ReceiveAsync(_buffer.AsMemory(_end)).AsTask();
        var received = receiving.IsCompleted ? await receiving : await receiving.WaitAsync(Patience);
        _end += received > 0 ? received : throw new InvalidOperationException("the server hung up");
    }
}
