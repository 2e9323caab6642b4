using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.Ledger;

/// <summary>Sends messages one after the other, each with an id of its own, and writes down those that got their 250.</summary>
internal sealed class SmtpSender(int port, string name, string[] recipients, Ledger ledger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Until cancelled; a connection that breaks is made again, as a real sender would.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var number = 0; !cancellation.IsCancellationRequested;)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                await ExpectAsync(reader, '2');
                await CommandAsync(client, reader, "HELO ledger.example", '2');
                while (!cancellation.IsCancellationRequested)
                {
                    await SendAsync(client, reader, $"{name}-{number++}", recipients[number % recipients.Length]);
                }
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
            {
                // The server was killed, or is not up again: the next try comes at once, bounded by the poll below.
                await WaitForPortAsync(cancellation);
            }
        }
    }

    private async Task SendAsync(TcpClient client, StreamReader reader, string id, string recipient)
    {
        await CommandAsync(client, reader, "MAIL FROM:<ledger@ledger.example>", '2');
        await CommandAsync(client, reader, $"RCPT TO:<{recipient}>", '2');
        await CommandAsync(client, reader, "DATA", '3');
        await CommandAsync(client, reader, $"Subject: ledger {id}\r\n\r\n{new string('x', 600)}\r\n.", '2');
        ledger.Accept(id);
    }

    private static async Task CommandAsync(TcpClient client, StreamReader reader, string command, char expected)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        await ExpectAsync(reader, expected);
    }

    private static async Task ExpectAsync(StreamReader reader, char expected)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var line = await reader.ReadLineAsync(timeout.Token);
        if (line is null || line.Length == 0 || line[0] != expected)
        {
            throw new IOException($"expected {expected}xx, got: {line}");
        }
    }

    private async Task WaitForPortAsync(CancellationToken cancellation)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await poll.WaitForNextTickAsync(cancellation);
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return;
            }
            catch (Exception down) when (down is SocketException or OperationCanceledException)
            {
                // Not yet.
            }
        }
    }
}
