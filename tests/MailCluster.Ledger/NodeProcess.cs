using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace MailCluster.Ledger;

/// <summary>The server as a process of its own, which can be killed and started again on the same data and ports.</summary>
internal sealed class NodeProcess(string dll, string dataFolder, params string[] settings) : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new();
    private Process? _process;

    public int SmtpPort { get; } = FreePort();

    public int Pop3Port { get; } = FreePort();

    public int HttpPort { get; } = FreePort();

    /// <summary>Of the process; only while it runs.</summary>
    public int Id => _process!.Id;

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] ports =
        [
            $"Listeners:smtp:Port={SmtpPort}", $"Listeners:pop3:Port={Pop3Port}", $"Http:Port={HttpPort}",
            "Listeners:submission:Port=0", "Listeners:submissions:Port=0", "Listeners:pop3s:Port=0",
            "Listeners:imap:Port=0", "Listeners:imaps:Port=0",
        ];
        start.ArgumentList.Add(dll);
        start.ArgumentList.Add("--data");
        start.ArgumentList.Add(dataFolder);
        foreach (var setting in ports.Concat(settings))
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add(setting);
        }

        var log = Path.Combine(dataFolder, "..", "node.log");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(log, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(log, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilReadyAsync();
    }

    /// <summary>kill -9: no goodbye, no flush.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>SIGTERM, and until it has ended by itself.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{Id}"]);
        await _process!.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>How many entries the queue has, at most a page of them.</summary>
    public async Task<int> CountQueuedAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{HttpPort}/api/queue?limit=1000");
        var token = await File.ReadAllTextAsync(Path.Combine(dataFolder, "api-token"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        using var json = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("entries").GetArrayLength();
    }

    public void Dispose()
    {
        _http.Dispose();
        if (_process is { } process)
        {
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // Ended already.
            }
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        using var timeout = new CancellationTokenSource(StartPatience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await poll.WaitForNextTickAsync(timeout.Token))
        {
            try
            {
                using var response = await _http.GetAsync($"http://127.0.0.1:{HttpPort}/health/ready", timeout.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    private static void Append(string log, string? line)
    {
        if (line is not null)
        {
            lock (typeof(NodeProcess))
            {
                File.AppendAllText(log, line + "\n");
            }
        }
    }

    /// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
