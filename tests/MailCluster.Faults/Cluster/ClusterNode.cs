using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace MailCluster.Faults.Cluster;

/// <summary>One node as a process of its own, on an address of its own.</summary>
internal sealed class ClusterNode(int number, IPAddress address, string[] wrapper, string dll, string folder, string[] settings)
    : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(75);

    private readonly Lock _log = new();
    private Process? _process;

    public int Number => number;

    public IPEndPoint Smtp => new(address, 2525);

    public IPEndPoint Pop3s => new(address, 2995);

    public IPEndPoint Imap => new(address, 2143);

    public bool IsRunning => _process is { HasExited: false };

    public int ProcessId => _process!.Id;

    /// <summary>How often it was killed, the kill that is under way included.</summary>
    public int Kills { get; private set; }

    /// <summary>What it says of itself.</summary>
    public NodeApi Api { get; } = new(address, () => File.ReadAllText(Path.Combine(folder, $"node{number}", "api-token")));

    private string Log => Path.Combine(folder, $"node{number}.log");

    private string Data => Path.Combine(folder, $"node{number}");

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
        await Wait.UntilAsync($"node {number} is ready", Api.IsReadyAsync, StartPatience);
    }

    /// <summary>kill -9: no goodbye, no flush.</summary>
    public async Task KillAsync()
    {
        Kills++;
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

    /// <summary>How many lines of its log have these words.</summary>
    public int CountLogged(string words)
    {
        lock (_log)
        {
            return File.Exists(Log) ? File.ReadLines(Log).Count(line => line.Contains(words, StringComparison.Ordinal)) : 0;
        }
    }

    public void Dispose()
    {
        Api.Dispose();
        if (IsRunning)
        {
            _process!.Kill();
        }

        _process?.Dispose();
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                File.AppendAllText(Log, $"{DateTime.UtcNow:HH:mm:ss.fff} {line}\n");
            }
        }
    }
}
