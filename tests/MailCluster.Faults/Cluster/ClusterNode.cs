using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MailCluster.Faults.Cluster;

/// <summary>One node as a process of its own, on an address of its own.</summary>
internal sealed class ClusterNode(int number, IPAddress address, string[] wrapper, string dll, string folder, string[] settings)
    : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(75);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private Process? _process;

    public int Number => number;

    public IPEndPoint Smtp => new(address, 2525);

    public IPEndPoint Pop3s => new(address, 2995);

    public bool IsRunning => _process is { HasExited: false };

    public int ProcessId => _process!.Id;

    public string Log { get; } = Path.Combine(folder, $"node{number}.log");

    private string Data => Path.Combine(folder, $"node{number}");

    private Uri Http(string path) => new($"http://{address}:8080{path}");

    public void Launch()
    {
        string[] words = [.. wrapper, "dotnet", dll, "--data", Data, .. settings.SelectMany(s => (string[])["--set", s])];
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task StartAsync()
    {
        Launch();
        await Wait.UntilAsync($"node {number} is ready", IsReadyAsync, StartPatience);
    }

    /// <summary>kill -9: no goodbye, no flush.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and until it has ended by itself; returns how long that took.</summary>
    /// <exception cref="FaultException">It did not end with 0 in its time.</exception>
    public async Task<TimeSpan> StopAsync()
    {
        var clock = Stopwatch.StartNew();
        await SignalAsync("TERM");
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await _process!.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new FaultException($"node {number} did not end within {StopPatience.TotalSeconds} s of SIGTERM");
        }

        return _process.ExitCode == 0
            ? clock.Elapsed
            : throw new FaultException($"node {number} ended with {_process.ExitCode} after SIGTERM");
    }

    public Task SignalAsync(string signal) =>
        Shell.RunAsync("kill", $"-{signal}", ProcessId.ToString(CultureInfo.InvariantCulture));

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(Http("/health/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Members and local partitions, as this node sees them.</summary>
    public Task<JsonElement> GetClusterAsync() => GetAsync("/api/cluster");

    public async Task<int[]> GetPartitionsAsync() => [.. (await GetClusterAsync()).GetProperty("partitions")
        .EnumerateArray().Select(partition => partition.GetInt32())];

    public async Task<bool> IsOldestAsync()
    {
        var cluster = await GetClusterAsync();
        return cluster.GetProperty("members").EnumerateArray().Any(member =>
            member.GetProperty("isOldest").GetBoolean()
            && member.GetProperty("address").GetString() == cluster.GetProperty("self").GetString());
    }

    /// <summary>How many members this node sees that are up and reachable.</summary>
    public async Task<int> CountMembersAsync() => (await GetClusterAsync()).GetProperty("members").EnumerateArray()
        .Count(member => member.GetProperty("status").GetString() == "up" && member.GetProperty("reachable").GetBoolean());

    /// <summary>Entries of the whole queue, at most a page of them.</summary>
    public async Task<int> CountQueuedAsync() =>
        (await GetAsync("/api/queue?limit=1000")).GetProperty("entries").GetArrayLength();

    /// <summary>Some entries of the queue, or why there are none, for a person who looks for what went wrong.</summary>
    public async Task<string> DescribeQueueAsync()
    {
        try
        {
            return (await GetAsync("/api/queue?limit=3")).ToString();
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return $"the queue of node {number} does not answer: {silent.Message}";
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        if (IsRunning)
        {
            _process!.Kill();
        }

        _process?.Dispose();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Http(path));
        var token = await File.ReadAllTextAsync(Path.Combine(Data, "api-token"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_http)
            {
                File.AppendAllText(Log, $"{DateTime.UtcNow:HH:mm:ss.fff} {line}\n");
            }
        }
    }
}
