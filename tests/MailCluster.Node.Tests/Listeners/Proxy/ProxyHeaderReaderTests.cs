using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using MailCluster.Node.Listeners.Proxy;
using MailCluster.Node.Tests.Fakes;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace MailCluster.Node.Tests.Listeners.Proxy;

public sealed class ProxyHeaderReaderTests : IDisposable
{
    private const string Line = "PROXY TCP4 192.0.2.1 198.51.100.2 40000 25\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RecordingLogger _log = new();
    private readonly Pipe _sent = new();
    private readonly Connection _connection = new()
    {
        RemoteEndPoint = IPEndPoint.Parse("10.0.0.9:5000"),
        LocalEndPoint = IPEndPoint.Parse("10.0.0.1:25"),
    };

    public ProxyHeaderReaderTests() => _connection.Transport = new DuplexPipe(_sent.Reader, new Pipe().Writer);

    [Fact]
    public async Task A_proxied_connection_has_the_addresses_of_its_client()
    {
        await SendAsync(Line);

        Assert.True(await AcceptAsync());
        Assert.Equal("192.0.2.1:40000", _connection.RemoteEndPoint!.ToString());
        Assert.Equal("198.51.100.2:25", _connection.LocalEndPoint!.ToString());
    }

    [Fact]
    public async Task What_comes_behind_the_header_is_left_to_the_session()
    {
        await SendAsync(Line + "EHLO client.example\r\n");

        Assert.True(await AcceptAsync());
        Assert.Equal("EHLO client.example\r\n", await ReadAsync());
    }

    [Fact]
    public async Task A_header_may_come_octet_by_octet()
    {
        var accepted = AcceptAsync();
        foreach (var octet in Line + "QUIT\r\n")
        {
            await SendAsync(octet.ToString());
        }

        Assert.True(await accepted);
        Assert.Equal("192.0.2.1:40000", _connection.RemoteEndPoint!.ToString());
        Assert.StartsWith("Q", await ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_split_of_a_header_in_two_reads_is_put_together()
    {
        var header = ProxyOctets.V2("[2001:db8::1]:40000", "[2001:db8::2]:465", ProxyOctets.Tlv(4, 1, 2, 3));
        for (var at = 1; at < header.Length; at++)
        {
            using var test = new ProxyHeaderReaderTests();
            var accepted = test.AcceptAsync();
            await test._sent.Writer.WriteAsync(header.AsMemory(0, at));
            Assert.False(accepted.IsCompleted);
            await test._sent.Writer.WriteAsync((byte[])[.. header[at..], .. "EHLO x"u8]);

            Assert.True(await accepted);
            Assert.Equal("[2001:db8::1]:40000", test._connection.RemoteEndPoint!.ToString());
            Assert.Equal("EHLO x", await test.ReadAsync());
        }
    }

    [Fact]
    public async Task A_proxy_that_speaks_for_itself_keeps_its_address()
    {
        await SendAsync("PROXY UNKNOWN\r\n");

        Assert.True(await AcceptAsync());
        Assert.Equal("10.0.0.9:5000", _connection.RemoteEndPoint!.ToString());
        Assert.Equal("10.0.0.1:25", _connection.LocalEndPoint!.ToString());
    }

    [Fact]
    public async Task A_peer_that_is_no_proxy_is_not_read_from()
    {
        _connection.RemoteEndPoint = IPEndPoint.Parse("192.0.2.77:5000");
        await SendAsync(Line);

        Assert.True(await AcceptAsync());
        Assert.Equal("192.0.2.77:5000", _connection.RemoteEndPoint.ToString());
        Assert.Equal(Line, await ReadAsync());
    }

    [Fact]
    public async Task A_proxy_on_a_listener_of_both_families_is_known()
    {
        _connection.RemoteEndPoint = IPEndPoint.Parse("[::ffff:10.0.0.9]:5000");
        await SendAsync(Line);

        Assert.True(await AcceptAsync());
        Assert.Equal("192.0.2.1:40000", _connection.RemoteEndPoint.ToString());
    }

    [Fact]
    public async Task A_proxy_without_header_is_closed_with_a_line_in_the_log()
    {
        await SendAsync("AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n");

        Assert.False(await AcceptAsync());
        Assert.True(_connection.IsAborted);
        Assert.Equal(
            ["Information: Connection to listener mx from proxy 10.0.0.9:5000 closed: no PROXY header"], _log.Lines);
    }

    [Fact]
    public async Task A_proxy_that_hangs_up_within_its_header_is_closed()
    {
        await SendAsync(Line[..20]);
        await _sent.Writer.CompleteAsync();

        Assert.False(await AcceptAsync());
        Assert.Equal(["Debug: Proxy 10.0.0.9:5000 hung up on listener mx before its PROXY header"], _log.Lines);
    }

    [Fact]
    public async Task A_connection_that_breaks_within_its_header_is_closed()
    {
        await _sent.Writer.CompleteAsync(new ConnectionResetException("reset by peer"));

        Assert.False(await AcceptAsync());
        Assert.Equal(["Debug: Proxy 10.0.0.9:5000 hung up on listener mx before its PROXY header"], _log.Lines);
    }

    [Fact]
    public async Task Half_a_header_is_waited_for_as_long_as_the_limit()
    {
        var accepted = AcceptAsync();
        await SendAsync(Line[..20]);
        _time.Advance(ProxyHeaderReader.Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(accepted.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(await accepted);
        Assert.True(_connection.IsAborted);
        Assert.EndsWith("closed: no whole PROXY header in time", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    public void Dispose() => _ = _connection.DisposeAsync().AsTask();

    private async Task SendAsync(string octets) => await _sent.Writer.WriteAsync(Encoding.ASCII.GetBytes(octets));

    private Task<bool> AcceptAsync()
    {
        var proxies = new ProxyNetworks([IPNetwork.Parse("10.0.0.0/8")]);
        var reader = new ProxyHeaderReader("mx", proxies, _time, _log);
        return reader.TryAcceptAsync(_connection).AsTask().WaitAsync(Patience);
    }

    private async Task<string> ReadAsync()
    {
        var read = await _sent.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        return Encoding.ASCII.GetString(read.Buffer.ToArray());
    }

    private sealed class Connection : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class RecordingLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
