using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Load;

/// <summary>
/// A sender with retry, as every mail server is: the same message to the next node, until one says 250. Sends local mail
/// and mail to next hops of all kinds, one message after the other, at a pace.
/// </summary>
internal sealed class LedgerSender(string name, Func<IPEndPoint[]> nodes, Ledger ledger, TimeSpan pace)
{
    /// <summary>Then another node gets its share: one that was away would never see those who are served elsewhere.</summary>
    private const int MessagesPerConnection = 20;

    private static readonly TimeSpan ReplyPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(name.GetHashCode(StringComparison.Ordinal));
    private int _turn = name.GetHashCode(StringComparison.Ordinal) & 0xFF;
    private Connection? _connection;
    private int _sent;

    /// <summary>Until cancelled; a message that was begun is brought to its end, since only then is its fate known.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var number = 0; !cancellation.IsCancellationRequested; number++)
        {
            await SendAsync($"{name}-{number}", cancellation);
            await Task.Delay(pace, CancellationToken.None);
        }

        _connection?.Dispose();
    }

    /// <summary>Whether this node alone takes a message now.</summary>
    public static async Task<bool> IsTakenByAsync(IPEndPoint node, Ledger ledger)
    {
        var id = $"one-{Guid.NewGuid():N}";
        var sender = new LedgerSender(id, () => [node], ledger, TimeSpan.Zero);
        var isTaken = await sender.TrySendAsync(id, $"bob@{FaultCluster.Domain}");
        sender._connection?.Dispose();
        if (isTaken)
        {
            ledger.Accept(id, TimeSpan.Zero);
        }

        return isTaken;
    }

    private async Task SendAsync(string id, CancellationToken cancellation)
    {
        var recipient = ScriptedSink.Recipient(_random, id, FaultCluster.Domain);
        var clock = Stopwatch.StartNew();
        while (!await TrySendAsync(id, recipient))
        {
            if (cancellation.IsCancellationRequested)
            {
                return; // Never answered with 250: nobody owes it anything.
            }

            await Task.Delay(RetryPause, CancellationToken.None);
        }

        ledger.Accept(id, clock.Elapsed);
    }

    private async Task<bool> TrySendAsync(string id, string recipient)
    {
        var isWithin = false;
        try
        {
            _connection ??= await ConnectAsync();
            await _connection.CommandAsync($"MAIL FROM:<alice@{FaultCluster.Domain}>", '2');
            isWithin = true;
            await _connection.CommandAsync($"RCPT TO:<{recipient}>", '2');
            await _connection.CommandAsync("DATA", '3');
            await _connection.CommandAsync($"{SubjectId.Header(id)}\r\n\r\n{new string('x', 600)}\r\n.", '2');
            if (++_sent % MessagesPerConnection == 0)
            {
                _connection.Dispose();
                _connection = null;
            }

            return true;
        }
        catch (Exception refused) when (refused is IOException or SocketException or OperationCanceledException)
        {
            if (refused is RefusedException)
            {
                ledger.Refuse(refused.Message);
            }
            else if (isWithin)
            {
                ledger.BreakOff();
            }

            _connection?.Dispose();
            _connection = null;
            return false;
        }
    }

    private async Task<Connection> ConnectAsync()
    {
        var all = nodes();
        if (all.Length == 0)
        {
            throw new IOException("nobody is there");
        }

        var connection = await Connection.OpenAsync(all[_turn++ % all.Length]);
        try
        {
            await connection.ExpectAsync('2');
            await connection.CommandAsync("HELO ledger.example", '2');
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private sealed class RefusedException(string reply) : IOException(reply);

    private sealed class Connection(TcpClient client) : IDisposable
    {
        private readonly StreamReader _reader = new(client.GetStream(), Encoding.ASCII);

        public static async Task<Connection> OpenAsync(IPEndPoint node)
        {
            var client = new TcpClient();
            try
            {
                using var patience = new CancellationTokenSource(ConnectPatience);
                await client.ConnectAsync(node, patience.Token);
                return new Connection(client);
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }

        public async Task CommandAsync(string command, char expected)
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
            await ExpectAsync(expected);
        }

        public async Task ExpectAsync(char expected)
        {
            using var patience = new CancellationTokenSource(ReplyPatience);
            var line = await _reader.ReadLineAsync(patience.Token) ?? throw new IOException("closed");
            if (line.Length == 0 || line[0] != expected)
            {
                throw new RefusedException(string.Join(' ', line.Split(' ').Take(2)));
            }
        }

        public void Dispose()
        {
            _reader.Dispose();
            client.Dispose();
        }
    }
}
