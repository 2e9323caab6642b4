using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.Faults.Load;

/// <summary>
/// A next hop that behaves as the recipient's name says: takes the message, refuses it for good, puts it off the first
/// times, is slow, or hangs up in the middle. Writes down every message that it takes, before it says so.
/// </summary>
internal sealed class ScriptedSink : IDisposable
{
    /// <summary>Next hops of a cluster.</summary>
    public const int Count = 8;

    /// <summary>The local part to which a sender writes that gives its messages no ids.</summary>
    public const string SourceRecipient = "source";

    private const int Deferrals = 2;

    private static readonly TimeSpan SlowPause = TimeSpan.FromSeconds(2);

    private readonly TcpListener _listener;
    private readonly Ledger _ledger;
    private readonly ConcurrentDictionary<string, int> _attempts = new();

    public ScriptedSink(IPAddress address, Ledger ledger)
    {
        _ledger = ledger;
        _listener = new TcpListener(address, 0);
        _listener.Start(backlog: 512);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>While set, all recipients are put off.</summary>
    public bool DefersAll { get; set; }

    /// <summary>When an attempt for a recipient came, by the monotonic clock; the last one counts.</summary>
    public ConcurrentDictionary<string, long> AttemptedAt { get; } = new();

    public static string DomainOf(int hop) => string.Create(CultureInfo.InvariantCulture, $"sink{hop}.example");

    /// <summary>Somebody for a message: half of them here, the others at next hops of all tempers.</summary>
    public static string Recipient(Random random, string id, string localDomain)
    {
        var hop = DomainOf(random.Next(Count));
        return random.Next(20) switch
        {
            < 10 => $"bob@{localDomain}",
            < 15 => $"take-{id}@{hop}",
            < 17 => $"defer-{id}@{hop}",
            17 => $"fail-{id}@{hop}",
            18 => $"slow-{id}@{hop}",
            _ => $"drop-{id}@{hop}",
        };
    }

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
            var recipient = "";
            while (await reader.ReadLineAsync() is { } line)
            {
                switch (line.Split(' ')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await SayAsync(client, "250-sink.example\r\n250 8BITMIME");
                        break;
                    case "RCPT":
                        recipient = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                        await SayAsync(client, AnswerTo(recipient));
                        break;
                    case "DATA":
                        await SayAsync(client, "354 go on");
                        await TakeAsync(client, reader, recipient);
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
            // A node died in the middle: what it had not heard a 250 for it sends again.
        }
    }

    private string AnswerTo(string recipient)
    {
        AttemptedAt[recipient] = Stopwatch.GetTimestamp();
        if (DefersAll)
        {
            return "451 4.7.1 everything later";
        }

        return recipient.Split('-')[0] switch
        {
            "fail" => "550 5.1.1 nobody of that name",
            "defer" when CountAttempt(recipient) <= Deferrals => "451 4.7.1 greylisted",
            _ => "250 ok",
        };
    }

    private async Task TakeAsync(TcpClient client, StreamReader reader, string recipient)
    {
        var isFromSource = recipient.StartsWith(SourceRecipient + "@", StringComparison.Ordinal);
        string? id = null;
        while (await reader.ReadLineAsync() is { } line && line != ".")
        {
            id ??= isFromSource ? QueueIdText.FindInHeader(line) : SubjectId.Find(line);
        }

        switch (recipient.Split('-')[0])
        {
            case "drop" when CountAttempt(recipient) == 1:
                throw new IOException("hangs up before its answer");
            case "slow":
                await Task.Delay(SlowPause);
                break;
        }

        if (id is not null)
        {
            _ledger.Arrive(id);
        }

        await SayAsync(client, "250 taken");
    }

    private int CountAttempt(string recipient) => _attempts.AddOrUpdate(recipient, 1, static (_, times) => times + 1);

    private static async Task SayAsync(TcpClient client, string reply) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"));
}
