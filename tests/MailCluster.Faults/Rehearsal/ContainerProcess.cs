using System.Diagnostics;
using System.Globalization;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Rehearsal;

/// <summary>One run of a container: its first process is number 1 of its own world, in the pod's network.</summary>
internal sealed class ContainerProcess : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private int? _first;

    private ContainerProcess(Process process, StreamWriter log)
    {
        _process = process;
        _log = log;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Task Ended => _process.WaitForExitAsync();

    public int ExitCode => _process.ExitCode;

    /// <param name="network">The pod's namespace.</param>
    /// <param name="script">Of <see cref="RootFileSystem"/>.</param>
    /// <param name="command">Entry point and arguments.</param>
    /// <param name="environment">All of it.</param>
    /// <param name="log">Is appended to.</param>
    public static ContainerProcess Start(
        string network, string script, string[] command, IReadOnlyDictionary<string, string> environment, string log)
    {
        string[] arguments =
        [
            "netns", "exec", network, "unshare", "--mount", "--propagation", "slave", "--pid", "--uts", "--ipc",
            "--fork", "--kill-child", "sh", "-c", script, "sh", .. command,
        ];
        var start = new ProcessStartInfo("ip", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Shell.Adopt(start, environment);
        return new ContainerProcess(Process.Start(start)!, new StreamWriter(log, append: true) { AutoFlush = true });
    }

    /// <summary>Its first process, as this machine numbers it.</summary>
    public async Task<int> FindFirstAsync()
    {
        await Wait.UntilAsync(
            "the container's first process", () => Task.FromResult(_process.HasExited || FindFirst()), StartPatience);
        return _first ?? throw new FaultException("the container ended before it began");
    }

    /// <summary>The most memory it had so far, in octets; nought where it is gone.</summary>
    public long PeakMemory()
    {
        try
        {
            return _first is null && !FindFirst()
                ? 0
                : File.ReadLines($"/proc/{_first}/status")
                    .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2])
                    .Select(kibi => long.Parse(kibi, CultureInfo.InvariantCulture) * 1024)
                    .FirstOrDefault();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    public async Task SignalAsync(string signal)
    {
        var first = await FindFirstAsync();
        // Gone in the meantime is as good.
        await Shell.TryRunAsync("kill", $"-{signal}", first.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>All of it, at once; nothing where it is gone.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone.
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        Kill();
        _process.WaitForExit();
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private bool FindFirst()
    {
        // ip and unshare become one another; what unshare forks becomes sh, chroot and the program.
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Trim();
        _first = children.Length > 0 ? int.Parse(children, CultureInfo.InvariantCulture) : _first;
        return _first is not null;
    }

    private void KillAtExit(object? sender, EventArgs e) => Kill();


    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
            }
        }
    }
}
