using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.Ledger;

/// <summary>The next hop: takes everything, and writes down the id of each message whose 250 it is about to say.</summary>
internal sealed class SmtpSink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Ledger _ledger;

    public SmtpSink(Ledger ledger)
    {
        _ledger = ledger;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            await SayAsync(client, "220 sink.example");
            while (await reader.ReadLineAsync() is { } line)
            {
                switch (line.Split(' ')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await SayAsync(client, "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME");
                        break;
                    case "DATA":
                        await SayAsync(client, "354 go on");
                        await TakeMessageAsync(reader);
                        await SayAsync(client, "250 taken");
                        break;
                    case "QUIT":
                        await SayAsync(client, "221 bye");
                        return;
                    default:
                        await SayAsync(client, "250 ok");
                        break;
                }
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            // The server was killed in the middle: what it had not heard a 250 for it sends again.
        }
    }

    private async Task TakeMessageAsync(StreamReader reader)
    {
        string? id = null;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == ".")
            {
                if (id is not null)
                {
                    _ledger.Arrive(id);
                }

                return;
            }

            id ??= SubjectId.Find(line);
        }

        throw new IOException("content broke off");
    }

    private static async Task SayAsync(TcpClient client, string reply) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"));
}

/// <summary>The id that a ledger message has in its subject.</summary>
internal static class SubjectId
{
    private const string Prefix = "Subject: ledger ";

    public static string? Find(string line) =>
        line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..] : null;
}
