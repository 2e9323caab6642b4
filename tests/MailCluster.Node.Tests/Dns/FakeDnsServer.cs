using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.Node.Tests.Dns;

/// <summary>
/// A DNS server on loopback, UDP and TCP on one port, that knows what a test tells it. A name that it was not told of
/// does not exist; a name without records of the type asked for has no data.
/// </summary>
internal sealed class FakeDnsServer : IDisposable
{
    private const int TypeA = 1;
    private const int TypeSoa = 6;
    private const int TypeMx = 15;
    private const int TypeAaaa = 28;
    private const int CodeServerFailure = 2;
    private const int CodeNoSuchDomain = 3;
    private const int TruncatedFlag = 0x0200;
    private const int HeaderLength = 12;
    private const int NegativeTimeToLive = 7;

    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly Dictionary<string, List<Record>> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _failing = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _silent = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _truncated = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private int _queries;

    public FakeDnsServer()
    {
        (_udp, _tcp) = BindBoth();
        _tcp.Listen();
        _ = AnswerUdpAsync();
        _ = AnswerTcpAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_udp.LocalEndPoint!;

    /// <summary>Questions that came in, of both kinds.</summary>
    public int Queries => Volatile.Read(ref _queries);

    /// <summary>An exchanger; an empty host is the null MX of RFC 7505.</summary>
    public FakeDnsServer Mx(string domain, int preference, string host, int timeToLive = 300) =>
        Add(domain, TypeMx, timeToLive, [(byte)(preference >> 8), (byte)preference, .. Encode(host)]);

    /// <summary>An A or AAAA record.</summary>
    public FakeDnsServer Address(string host, string address, int timeToLive = 300)
    {
        var parsed = IPAddress.Parse(address);
        var type = parsed.AddressFamily == AddressFamily.InterNetwork ? TypeA : TypeAaaa;
        return Add(host, type, timeToLive, parsed.GetAddressBytes());
    }

    /// <summary>The name exists and has no record.</summary>
    public FakeDnsServer Empty(string name)
    {
        lock (_records)
        {
            _records.TryAdd(name, []);
        }

        return this;
    }

    /// <summary>Forgets all records of a name.</summary>
    public FakeDnsServer Remove(string name)
    {
        lock (_records)
        {
            _records.Remove(name);
        }

        return this;
    }

    /// <summary>Every question about the name is answered with SERVFAIL.</summary>
    public FakeDnsServer Failing(string name) => Mark(_failing, name);

    /// <summary>No question about the name is answered.</summary>
    public FakeDnsServer Silent(string name) => Mark(_silent, name);

    /// <summary>Answers by UDP are truncated, so that the client comes again by TCP.</summary>
    public FakeDnsServer Truncated(string name) => Mark(_truncated, name);

    public void Dispose()
    {
        _stop.Cancel();
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    /// <summary>One port of both kinds: what is free by UDP may be taken by TCP, so several are tried.</summary>
    private static (Socket Udp, Socket Tcp) BindBoth()
    {
        const int maxTries = 100;
        for (var attempt = 1; ; attempt++)
        {
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                udp.Bind(tcp.LocalEndPoint!);
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < maxTries)
            {
                tcp.Dispose();
                udp.Dispose();
            }
        }
    }

    private FakeDnsServer Add(string name, int type, int timeToLive, byte[] data)
    {
        lock (_records)
        {
            if (!_records.TryGetValue(name, out var records))
            {
                _records[name] = records = [];
            }

            records.Add(new Record(type, timeToLive, data));
        }

        return this;
    }

    private FakeDnsServer Mark(HashSet<string> names, string name)
    {
        lock (_records)
        {
            names.Add(name);
        }

        return this;
    }

    private async Task AnswerUdpAsync()
    {
        var buffer = new byte[1500];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (Answer(buffer.AsSpan(0, received.ReceivedBytes), byUdp: true) is { } answer)
                {
                    await _udp.SendToAsync(answer, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerTcpAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptAsync(_stop.Token);
                await using var stream = new NetworkStream(client);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, _stop.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query, _stop.Token);
                if (Answer(query, byUdp: false) is { } answer)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                    await stream.WriteAsync((byte[])[.. length, .. answer], _stop.Token);
                }
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException
            or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> query, bool byUdp)
    {
        Interlocked.Increment(ref _queries);
        var (name, end) = ReadName(query, HeaderLength);
        var type = BinaryPrimitives.ReadUInt16BigEndian(query[end..]);
        var question = query[HeaderLength..(end + 4)];
        lock (_records)
        {
            if (_silent.Contains(name))
            {
                return null;
            }

            var truncated = byUdp && _truncated.Contains(name);
            var known = _records.TryGetValue(name, out var all);
            var code = _failing.Contains(name) ? CodeServerFailure : known ? 0 : CodeNoSuchDomain;
            var records = code != 0 || truncated ? [] : all!.Where(record => record.Type == type).ToList();
            var flags = 0x8180 | code | (truncated ? TruncatedFlag : 0); // RFC 1035 §4.1.1: response, recursion done
            var negative = records.Count == 0 && !truncated && code != CodeServerFailure;
            return Write(query[..2], flags, question, records, negative);
        }
    }

    private static byte[] Write(
        ReadOnlySpan<byte> id, int flags, ReadOnlySpan<byte> question,
        List<Record> records, bool negative)
    {
        List<byte> answer = [.. id, .. Number16(flags), .. Number16(1), .. Number16(records.Count)];
        answer.AddRange([.. Number16(negative ? 1 : 0), .. Number16(0)]);
        answer.AddRange(question);
        foreach (var record in records)
        {
            WriteRecord(answer, record);
        }

        if (negative)
        {
            // RFC 1035 §3.3.13: serial, refresh, retry, expire, minimum.
            int[] numbers = [1, 3600, 600, 86400, NegativeTimeToLive];
            byte[] soa = [.. Encode("ns.test"), .. Encode("hostmaster.test"), .. numbers.SelectMany(Number32)];
            WriteRecord(answer, new Record(TypeSoa, 3600, soa));
        }

        return [.. answer];
    }

    private static void WriteRecord(List<byte> answer, Record record)
    {
        answer.AddRange([0xC0, HeaderLength, .. Number16(record.Type), .. Number16(1), .. Number32(record.TimeToLive)]);
        answer.AddRange([.. Number16(record.Data.Length), .. record.Data]);
    }

    private static (string Name, int End) ReadName(ReadOnlySpan<byte> query, int position)
    {
        var name = new StringBuilder();
        while (query[position] is > 0 and var length)
        {
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(query.Slice(position + 1, length)));
            position += length + 1;
        }

        return (name.ToString(), position + 1);
    }

    private static byte[] Encode(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private static byte[] Number16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Number32(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private sealed record Record(int Type, int TimeToLive, byte[] Data);
}
