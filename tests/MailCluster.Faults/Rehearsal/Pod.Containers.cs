using System.Diagnostics;
using k8s.Models;

namespace MailCluster.Faults.Rehearsal;

/// <summary>Runs of its containers, one after the other, and the probes of each.</summary>
internal sealed partial class Pod
{
    private const int MinBackOff = 10;
    private const int MaxBackOff = 300;

    private async Task LiveAsync()
    {
        foreach (var first in Spec.InitContainers ?? [])
        {
            await RunUntilDoneAsync(first);
        }

        for (var backOff = 0; !await RunOnceAsync(Container, watched: true); backOff = Next(backOff))
        {
            Restarts++;
            await PauseAsync(backOff);
        }
    }

    private async Task RunUntilDoneAsync(V1Container container)
    {
        for (var backOff = 0; !await RunOnceAsync(container, watched: false); backOff = Next(backOff))
        {
            await PauseAsync(backOff);
        }
    }

    /// <summary>Seconds: at once the first time, then longer and longer.</summary>
    private static int Next(int backOff) => Math.Clamp(backOff * 2, MinBackOff, MaxBackOff);

    private async Task PauseAsync(int seconds)
    {
        _machine.Tell(Name, $"ended with {ExitCode}, is started again in {seconds} s");
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), _over.Token);
        }
        catch (OperationCanceledException)
        {
            // Not any more: the caller sees it.
        }
    }

    /// <summary>One run; whether it was the last.</summary>
    private async Task<bool> RunOnceAsync(V1Container container, bool watched)
    {
        if (_over.IsCancellationRequested)
        {
            return true;
        }

        var root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        var etc = Path.Combine(_folder, "etc");
        var script = RootFileSystem.Script(root, etc, Name, _machine.Image, _volumes, Spec, container);
        string[] command = [.. container.Command ?? _machine.Image.EntryPoint, .. container.Args ?? []];
        using var process = ContainerProcess.Start(
            Link.Namespace, script, command, Environment(container), Path.Combine(_machine.Folder, $"{Name}.log"));
        _running = process;
        using var ended = new CancellationTokenSource();
        var probes = watched ? WatchAsync(process, ended.Token) : Task.CompletedTask;
        await process.Ended;
        await ended.CancelAsync();
        await probes;
        ExitCode = process.ExitCode;
        if (!_isLost)
        {
            await DecideReadyAsync(false);
        }

        return _over.IsCancellationRequested || (Spec.RestartPolicy is "OnFailure" or "Never" && ExitCode == 0);
    }

    private async Task WatchAsync(ContainerProcess process, CancellationToken ended)
    {
        try
        {
            using var alive = CancellationTokenSource.CreateLinkedTokenSource(ended, _terminating.Token);
            if (Container.StartupProbe is { } startup && !await New("startup", startup).DecideAsync(alive.Token))
            {
                await KillAsync(process, "startup");
                return;
            }

            var liveness = Container.LivenessProbe is { } live
                ? New("liveness", live).WatchAsync(
                    passed => _ = passed ? Task.CompletedTask : KillAsync(process, "liveness"), alive.Token)
                : Task.CompletedTask;
            var readiness = Container.ReadinessProbe is { } ready
                ? New("readiness", ready).WatchAsync(passed => _ = DecideReadyAsync(passed), ended)
                : Task.CompletedTask;
            await Task.WhenAll(liveness, readiness);
        }
        catch (OperationCanceledException)
        {
            // It ended by itself.
        }
    }

    private Probe New(string name, V1Probe spec) =>
        new(name, spec, Address, Container, what => _machine.Tell(Name, what));

    private async Task KillAsync(ContainerProcess process, string probe)
    {
        RestartsByProbe++;
        _machine.Tell(Name, $"is killed: its {probe} probe failed too often");
        await process.SignalAsync("KILL");
    }

    private async Task DecideReadyAsync(bool ready)
    {
        if (ready == IsReady)
        {
            return;
        }

        IsReady = ready;
        ReadySince = Stopwatch.GetTimestamp();
        _machine.Tell(Name, ready ? "is ready" : "is not ready");
        await (Changed?.Invoke() ?? Task.CompletedTask);
    }
}
