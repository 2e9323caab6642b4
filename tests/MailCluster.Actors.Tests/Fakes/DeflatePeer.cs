using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>The peer's side of a compressed connection (RFC 4978).</summary>
internal sealed class DeflatePeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PipeTransport _transport;
    private readonly MemoryStream _compressed = new();
    private readonly DeflateStream _deflater;
    private readonly DeflateStream _inflater;
    private readonly StringBuilder _pending = new();

    public DeflatePeer(PipeTransport transport)
    {
        _transport = transport;
        _deflater = new DeflateStream(_compressed, CompressionLevel.Optimal, leaveOpen: true);
        _inflater = new DeflateStream(transport.PeerInput.AsStream(leaveOpen: true), CompressionMode.Decompress);
    }

    /// <summary>The octets of one flush.</summary>
    public byte[] Compress(string text)
    {
        _deflater.Write(Encoding.ASCII.GetBytes(text));
        _deflater.Flush();
        var octets = _compressed.ToArray();
        _compressed.SetLength(0);
        return octets;
    }

    public async Task SendAsync(string text) => await SendRawAsync(Compress(text));

    public async Task SendRawAsync(byte[] octets)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _transport.PeerOutput.WriteAsync(octets, timeout.Token);
    }

    /// <summary>Reads a line that is not compressed, and nothing that follows it.</summary>
    /// <param name="behind">What is skipped before it, and ends so.</param>
    public async Task ExpectPlainAsync(string prefix, byte[]? behind = null)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var read = await _transport.PeerInput.ReadAsync(timeout.Token);
            var octets = read.Buffer.ToArray();
            var start = behind is null ? 0 : octets.AsSpan().LastIndexOf(behind) + behind.Length;
            var end = octets.AsSpan(start).IndexOf("\r\n"u8);
            if (end >= 0 && (behind is null || start >= behind.Length))
            {
                _transport.PeerInput.AdvanceTo(read.Buffer.GetPosition(start + end + 2));
                Assert.StartsWith(prefix, Encoding.ASCII.GetString(octets, start, end), StringComparison.Ordinal);
                return;
            }

            Assert.False(read.IsCompleted, $"The connection ended, expected: {prefix}");
            _transport.PeerInput.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads a line and asserts how it begins.</summary>
    public async Task ExpectAsync(string prefix)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var text = _pending.ToString();
            if (text.IndexOf("\r\n", StringComparison.Ordinal) is >= 0 and var end)
            {
                _pending.Remove(0, end + 2);
                Assert.StartsWith(prefix, text, StringComparison.Ordinal);
                return;
            }

            using var timeout = new CancellationTokenSource(Patience);
            var length = await _inflater.ReadAsync(buffer, timeout.Token);
            Assert.True(length > 0, $"The connection ended, expected: {prefix}");
            _pending.Append(Encoding.ASCII.GetString(buffer, 0, length));
        }
    }

    public void Dispose()
    {
        _deflater.Dispose();
        _inflater.Dispose();
    }
}
