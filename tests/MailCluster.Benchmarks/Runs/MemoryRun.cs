using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MailCluster.Benchmarks.Load;
using MailCluster.Benchmarks.Report;
using MailCluster.Benchmarks.Servers;
using MailCluster.Ledger;

namespace MailCluster.Benchmarks.Runs;

/// <summary>What an idle connection and a queued message cost in memory, and how long a start takes with many queued.</summary>
internal sealed class MemoryRun(BenchmarkSettings settings, Table table)
{
    private const double Kibibyte = 1024;

    public async Task MeasureIdleAsync()
    {
        await using var cluster = await MailClusterServer.StartAsync(
            settings.Dll, settings.NewFolder(), NodeProcess.FreePort(),
            "Smtp:MaxConnections=20000", "Smtp:MaxConnectionsPerAddress=20000");
        await Round.RunAsync(cluster, new MailLoad(1024, 20, settings.IdleConnections), sink: null);
        var before = cluster.ResidentMemory;
        List<Socket> connections = [];
        try
        {
            for (var i = 0; i < settings.IdleConnections; i++)
            {
                connections.Add(await GreetAsync(cluster.Port));
            }

            await Quiet.WaitAsync(cluster);
            var each = (cluster.ResidentMemory - before) / Kibibyte / connections.Count;
            table.Add($"memory of an idle SMTP connection, of {connections.Count:#,0}", $"{each:0.0} KiB");
        }
        finally
        {
            connections.ForEach(c => c.Dispose());
        }
    }

    public async Task MeasureQueuedAsync()
    {
        await using var cluster = await MailClusterServer.StartAsync(
            settings.Dll, settings.NewFolder(), NodeProcess.FreePort());
        await Round.RunAsync(cluster, new MailLoad(1024, 20, settings.QueuedMessages / 20), sink: null);
        var before = cluster.ResidentMemory;
        await Round.RunAsync(cluster, new MailLoad(1024, 100, settings.QueuedMessages), sink: null);
        var each = (cluster.ResidentMemory - before) / Kibibyte / settings.QueuedMessages;
        table.Add($"memory of a queued message, of {settings.QueuedMessages:#,0}", $"{each:0.0} KiB");

        var clock = new Stopwatch();
        await cluster.RestartAsync(stopped: clock.Start);
        table.Add(
            $"start with {settings.QueuedMessages:#,0} queued, until ready for mail", $"{clock.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>A connection that has said EHLO and has its answer.</summary>
    private static async Task<Socket> GreetAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await ReadReplyAsync(socket);
        await socket.SendAsync("EHLO idle.example\r\n"u8.ToArray());
        await ReadReplyAsync(socket);
        return socket;
    }

    private static async Task ReadReplyAsync(Socket socket)
    {
        const int CodeLength = 3;
        var buffer = new byte[2048];
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            length += read > 0 ? read : throw new InvalidOperationException("the server hung up on an idle connection");
            var lines = buffer.AsSpan(0, length);
            var last = lines[(lines[..^2].LastIndexOf((byte)'\n') + 1)..];
            if (lines.EndsWith("\r\n"u8) && last.Length > CodeLength && last[CodeLength] == ' ')
            {
                return;
            }
        }
    }
}
