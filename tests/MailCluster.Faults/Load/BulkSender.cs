using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.Faults.Load;

/// <summary>Sends a number of messages to next hops as fast as some connections to each node do, and learns which partition took each.</summary>
internal static class BulkSender
{
    private const int ConnectionsPerNode = 20;

    /// <summary>Partition by recipient.</summary>
    /// <param name="nodes">Where it sends.</param>
    /// <param name="name">A part of all recipients.</param>
    /// <param name="count">How many messages.</param>
    /// <param name="over">Spread evenly over this time; as fast as it goes where there is none.</param>
    public static async Task<IReadOnlyDictionary<string, int>> SendAsync(
        IPEndPoint[] nodes, string name, int count, TimeSpan over = default)
    {
        var clock = Stopwatch.StartNew();
        var partitions = new ConcurrentDictionary<string, int>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, ConnectionsPerNode * nodes.Length).Select(async i =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(nodes[i % nodes.Length]);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            await ExpectAsync(reader, '2');
            await SayAsync(client, reader, "HELO bulk.example", '2');
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
            {
                var early = (over * number / count) - clock.Elapsed;
                await Task.Delay(early > TimeSpan.Zero ? early : TimeSpan.Zero);
                var recipient = string.Create(
                    CultureInfo.InvariantCulture, $"take-{name}{number}@{ScriptedSink.DomainOf(number % ScriptedSink.Count)}");
                await SayAsync(client, reader, "MAIL FROM:<>", '2');
                await SayAsync(client, reader, $"RCPT TO:<{recipient}>", '2');
                await SayAsync(client, reader, "DATA", '3');
                var reply = await SayAsync(
                    client, reader, $"{SubjectId.Header($"{name}-{number}")}\r\n\r\n{new string('x', 900)}\r\n.", '2');
                partitions[recipient] = PartitionOf(reply[(reply.LastIndexOf(' ') + 1)..]);
            }
        }));
        return partitions;
    }

    /// <summary>The first 16 bits of a queue id, which is written in Crockford's base 32.</summary>
    private static int PartitionOf(string queueId)
    {
        const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        return queueId.Take(4).Aggregate(0, (value, digit) => (value << 5) | Digits.IndexOf(digit, StringComparison.Ordinal)) >> 2;
    }

    private static async Task<string> SayAsync(TcpClient client, StreamReader reader, string text, char expected)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"));
        return await ExpectAsync(reader, expected);
    }

    private static async Task<string> ExpectAsync(StreamReader reader, char expected)
    {
        var line = await reader.ReadLineAsync() ?? throw new IOException("closed");
        return line.Length > 0 && line[0] == expected ? line : throw new IOException($"expected {expected}xx, got: {line}");
    }
}
