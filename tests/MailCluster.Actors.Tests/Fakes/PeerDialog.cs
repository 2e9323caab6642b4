using System.Text;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>The other end of a <see cref="PipeTransport"/>, line by line, with a time-out that says what was missing.</summary>
internal sealed class PeerDialog(PipeTransport transport)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly StringBuilder _pending = new();

    public async Task SendAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await transport.PeerOutput.WriteAsync(Encoding.UTF8.GetBytes(text), timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Nobody read in {Patience}: '{text}'");
        }
    }

    /// <summary>The next line without its CRLF.</summary>
    public async Task<string> ReadLineAsync(string expected)
    {
        while (true)
        {
            var text = _pending.ToString();
            var end = text.IndexOf("\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                _pending.Remove(0, end + 2);
                return text[..end];
            }

            Assert.True(await TryReadAsync(expected), $"The connection ended, expected: {expected}; half a line: '{_pending}'");
        }
    }

    /// <summary>Reads one reply, all its lines, and asserts how its last one begins.</summary>
    public async Task ExpectAsync(string prefix)
    {
        string line;
        do
        {
            line = await ReadLineAsync(prefix);
        }
        while (line.Length > 3 && line[3] == '-');

        Assert.StartsWith(prefix, line, StringComparison.Ordinal);
    }

    /// <summary>The other side sent nothing more than what was read.</summary>
    public void ExpectSilence()
    {
        if (transport.PeerInput.TryRead(out var read))
        {
            _pending.Append(Encoding.UTF8.GetString(read.Buffer));
            transport.PeerInput.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal("", _pending.ToString());
    }

    /// <summary>What is still to come, up to the end of the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await TryReadAsync("the end of the connection"))
        {
        }

        var rest = _pending.ToString();
        _pending.Clear();
        return rest;
    }

    private async Task<bool> TryReadAsync(string expected)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            var read = await transport.PeerInput.ReadAsync(timeout.Token);
            _pending.Append(Encoding.UTF8.GetString(read.Buffer));
            var more = !read.IsCompleted || !read.Buffer.IsEmpty;
            transport.PeerInput.AdvanceTo(read.Buffer.End);
            return more;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Nothing came in {Patience}, expected: {expected}; half a line: '{_pending}'");
        }
    }
}
