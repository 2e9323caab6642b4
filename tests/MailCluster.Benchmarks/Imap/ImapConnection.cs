using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.Benchmarks.Imap;

/// <summary>
/// A client that asks and counts, and costs as little as it can: lines are found, literals skipped, nothing is kept.
/// Any answer but OK ends the benchmark, since a rate of refusals would say nothing.
/// </summary>
internal sealed class ImapConnection : IDisposable
{
    private const int UsualBuffer = 64 * 1024;

    private readonly Socket _socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private readonly ImapReader _reader;
    private int _commands;

    private ImapConnection(int buffer) => _reader = new ImapReader(_socket, buffer);

    /// <summary>Connected, with the greeting read.</summary>
    public static async Task<ImapConnection> OpenAsync(int port, int buffer = UsualBuffer)
    {
        var connection = new ImapConnection(buffer);
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        var greeting = await connection.ReadTextAsync();
        return greeting.StartsWith("* OK", StringComparison.Ordinal)
            ? connection
            : throw new InvalidOperationException($"port {port} greets with {greeting}");
    }

    public static async Task<ImapConnection> LogInAsync(int port, string user, int buffer = UsualBuffer)
    {
        var connection = await OpenAsync(port, buffer);
        await connection.LogInAsync(user);
        return connection;
    }

    public Task LogInAsync(string user) => RunAsync($"LOGIN {user} {ImapAccounts.Password}");

    /// <summary>Sends the command and reads until it is completed.</summary>
    public async Task<ImapAnswer> RunAsync(string command)
    {
        var tag = NextTag();
        await SendAsync(Encoding.ASCII.GetBytes($"{tag} {command}\r\n"));
        return await ReadAnswerAsync(tag, command);
    }

    /// <summary>With a literal that waits for leave (RFC 9051 §4.3), which every server knows.</summary>
    public async Task AppendAsync(string folder, ImapMessage message)
    {
        var tag = await AnnounceAsync(folder, message);
        await SendAsync(message.WithLineEnd);
        await ReadAnswerAsync(tag, "APPEND");
    }

    /// <summary>Sends IDLE, until the server says that it is listening.</summary>
    public async Task<string> StartIdleAsync()
    {
        var tag = NextTag();
        await SendAsync(Encoding.ASCII.GetBytes($"{tag} IDLE\r\n"));
        await ReadContinuationAsync("IDLE");
        return tag;
    }

    public async Task EndIdleAsync(string tag)
    {
        await SendAsync("DONE\r\n"u8.ToArray());
        await ReadAnswerAsync(tag, "IDLE");
    }

    /// <summary>Until the folder is said to have that many messages.</summary>
    public async Task WaitForExistsAsync(int count)
    {
        var answer = new ImapAnswer();
        while (answer.Exists < count)
        {
            answer.Take((await _reader.ReadLineAsync()).Span);
        }
    }

    public void Dispose() => _socket.Dispose();

    private string NextTag() => string.Create(CultureInfo.InvariantCulture, $"a{++_commands}");

    private async Task<string> AnnounceAsync(string folder, ImapMessage message)
    {
        var tag = NextTag();
        var flags = message.Flagged ? "\\Flagged" : "";
        await SendAsync(Encoding.ASCII.GetBytes($"{tag} APPEND {folder} ({flags}) {{{message.Octets}}}\r\n"));
        await ReadContinuationAsync("APPEND");
        return tag;
    }

    private async Task ReadContinuationAsync(string command)
    {
        string line;
        do
        {
            line = await ReadTextAsync();
        }
        while (line.StartsWith("* ", StringComparison.Ordinal));
        if (line[0] != '+')
        {
            throw new InvalidOperationException($"{command} was answered with {line}");
        }
    }

    private async Task<ImapAnswer> ReadAnswerAsync(string tag, string command)
    {
        var completion = Encoding.ASCII.GetBytes(tag + " ");
        var answer = new ImapAnswer();
        while (true)
        {
            var line = await _reader.ReadLineAsync();
            if (line.Span.StartsWith(completion))
            {
                var said = Encoding.UTF8.GetString(line.Span[completion.Length..]);
                return said.StartsWith("OK", StringComparison.Ordinal)
                    ? answer
                    : throw new InvalidOperationException($"{command} was answered with {said}");
            }

            answer.Take(line.Span);
            while (ImapReader.LiteralAtEnd(line.Span) is var octets and >= 0)
            {
                answer.LiteralOctets += octets;
                await _reader.SkipAsync(octets);
                line = await _reader.ReadLineAsync();
            }
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            octets = octets[await _socket.SendAsync(octets)..];
        }
    }

    private async Task<string> ReadTextAsync() => Encoding.UTF8.GetString((await _reader.ReadLineAsync()).Span);
}
