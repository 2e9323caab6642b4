using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>
/// Another mail server, on a free port of loopback, that takes all mail but for what a test told it otherwise, and
/// writes down what it hears and when.
/// </summary>
internal sealed class ScriptedNextHop : IDisposable
{
    /// <summary>Instead of a reply: the connection is closed.</summary>
    public const string HangUp = "";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<HopMessage> _messages = Channel.CreateUnbounded<HopMessage>();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<ScriptedAnswer> _answers = [];
    private readonly List<HopLine> _heard = [];
    private readonly List<ScriptedConnection> _open = [];
    private int _connections;

    /// <param name="isDown">Connections are refused until <see cref="Open"/>.</param>
    public ScriptedNextHop(bool isDown = false)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        if (!isDown)
        {
            Open();
        }
    }

    public int Port { get; }

    public string[] Keywords { get; init; } = ["PIPELINING", "8BITMIME", "SIZE 0"];

    /// <summary>How many lines of a message it hears before it hangs up; the first message only.</summary>
    public int? HangsUpWithinContent { get; set; }

    public X509Certificate2? Certificate { get; init; }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Every command so far.</summary>
    public IReadOnlyList<HopLine> Heard
    {
        get
        {
            lock (_heard)
            {
                return [.. _heard];
            }
        }
    }

    /// <summary>All mail for the domain goes to this next hop, and loopback may send it.</summary>
    public string[] Route(string domain = "sink.example", string tls = "opportunistic", int number = 0) =>
    [
        $"Relay:Routes:{number}:Domain={domain}", $"Relay:Routes:{number}:Host=127.0.0.1",
        $"Relay:Routes:{number}:Port={Port}", $"Relay:Routes:{number}:Tls={tls}", "Smtp:RelayNetworks:0=127.0.0.0/8",
    ];

    /// <summary>
    /// To commands that begin so: the reply, as often as said, and so late. "." is the end of content, "connect" the
    /// connection itself.
    /// </summary>
    public ScriptedNextHop Answer(string command, string reply, int times = int.MaxValue, TimeSpan after = default)
    {
        lock (_answers)
        {
            _answers.Add(new ScriptedAnswer(command, reply, after) { Left = times });
        }

        return this;
    }

    public void Open()
    {
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>The next message that it took over.</summary>
    public async Task<HopMessage> NextMessageAsync() =>
        await _messages.Reader.ReadAsync().AsTask()
            .OrSay(() => $"a message at the next hop, which heard {string.Join(" | ", Heard)}");

    /// <summary>Whether it took over a message that nobody has read yet.</summary>
    public bool HasMessage => _messages.Reader.TryPeek(out _);

    /// <summary>So many commands that begin so.</summary>
    public Task<HopLine[]> WaitForAsync(string command, int count) => Patience.WaitForAsync(
        $"{count} times {command} at the next hop",
        () => Task.FromResult(Heard.Where(line => line.BeginsWith(command)).ToArray()),
        lines => lines.Length >= count);

    public void Dispose()
    {
        _listener.Dispose();
        lock (_open)
        {
            _open.ForEach(connection => connection.Dispose());
        }
    }

    public static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hop.example", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    internal ScriptedAnswer? Hear(int connection, string line)
    {
        var heard = new HopLine(connection, line, _clock.Elapsed);
        lock (_heard)
        {
            _heard.Add(heard);
        }

        lock (_answers)
        {
            var answer = _answers.Find(a => a.Left > 0 && heard.BeginsWith(a.Command));
            if (answer is not null)
            {
                answer.Left--;
            }

            return answer;
        }
    }

    internal void Take(HopMessage message) => _messages.Writer.TryWrite(message);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = new ScriptedConnection(this, socket, Interlocked.Increment(ref _connections));
        lock (_open)
        {
            _open.Add(connection);
        }

        await connection.RunAsync();
    }
}

/// <summary>A line that the next hop heard, on which of its connections, and when by its own clock.</summary>
internal sealed record HopLine(int Connection, string Text, TimeSpan At)
{
    public bool BeginsWith(string command) => Text.StartsWith(command, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Text;
}

/// <summary>A message that the next hop took over.</summary>
internal sealed record HopMessage(int Connection, string Mail, string[] Recipients, byte[] Content, bool Secured)
{
    public string Text => System.Text.Encoding.Latin1.GetString(Content);
}

internal sealed record ScriptedAnswer(string Command, string Reply, TimeSpan After)
{
    public int Left { get; set; }
}
