using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using k8s.Models;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Rehearsal;

/// <summary>The pods of a StatefulSet, and what its controller does with them.</summary>
/// <param name="spec">As rendered.</param>
/// <param name="machine">What its pods are made with.</param>
/// <param name="changed">Told whenever names or balancers may have to change.</param>
internal sealed class StatefulSet(V1StatefulSet spec, Machine machine, Func<Task> changed) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(3);

    private readonly List<Pod> _gone = [];

    public string Name => spec.Metadata.Name;

    /// <summary>The headless Service that pods have their names below.</summary>
    public string ServiceName => spec.Spec.ServiceName;

    public long? MemoryLimit => PodEnvironment.MemoryLimit(spec.Spec.Template.Spec.Containers.Single());

    /// <summary>By ordinal.</summary>
    public ImmutableSortedDictionary<int, Pod> Pods { get; private set; } = ImmutableSortedDictionary<int, Pod>.Empty;

    /// <summary>Also those that are no more.</summary>
    public IEnumerable<Pod> All => _gone.Concat(Pods.Values);

    private int Replicas => spec.Spec.Replicas ?? 1;

    /// <summary>All at once, or each when the one before is ready.</summary>
    public async Task StartAsync()
    {
        for (var ordinal = 0; ordinal < Replicas; ordinal++)
        {
            await AddAsync(ordinal);
            if (spec.Spec.PodManagementPolicy != "Parallel")
            {
                await WaitUntilReadyAsync();
            }
        }
    }

    public Task WaitUntilReadyAsync() => Wait.UntilAsync(
        $"{Name} is ready, see {machine.Folder}",
        () => Task.FromResult(Pods.Count == Replicas && Pods.Values.All(pod => pod.IsReady)),
        ReadyPatience);

    /// <summary>Every pod is replaced, the last one first, each when the others have been ready long enough.</summary>
    public async Task RollAsync(Report report)
    {
        foreach (var (ordinal, pod) in Pods.Reverse())
        {
            await AvailableAsync();
            var clock = Stopwatch.StartNew();
            var ended = await pod.TerminateAsync();
            await DropAsync(ordinal);
            await AddAsync(ordinal);
            await WaitUntilReadyAsync();
            report.Note($"rehearsal: {pod.Name} ended with 0 {ended.TotalSeconds:0.0} s after its preStop began, ready "
                + $"again at {Pods[ordinal].Address} after {clock.Elapsed.TotalSeconds:0.0} s");
        }
    }

    /// <summary>The machine of a pod is gone; its name stays, until somebody says that it will not come back.</summary>
    public Task LoseAsync(int ordinal) => Pods[ordinal].LoseAsync();

    /// <summary>What follows once the lost pod is deleted: one of the same name at another place.</summary>
    public async Task ReplaceAsync(int ordinal)
    {
        await Pods[ordinal].RemoveAsync();
        await DropAsync(ordinal);
        await AddAsync(ordinal);
        await WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in All)
        {
            await pod.DisposeAsync();
        }
    }

    private async Task AddAsync(int ordinal)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Name}-{ordinal}");
        var pod = await Pod.CreateAsync(name, spec.Spec.Template, machine);
        pod.Changed += changed;
        Pods = Pods.Add(ordinal, pod);
        pod.Start();
        await changed();
    }

    private async Task DropAsync(int ordinal)
    {
        _gone.Add(Pods[ordinal]);
        Pods = Pods.Remove(ordinal);
        await changed();
    }

    private Task AvailableAsync()
    {
        var atLeast = TimeSpan.FromSeconds(spec.Spec.MinReadySeconds ?? 0);
        return Wait.UntilAsync(
            $"{Name} is available",
            () => Task.FromResult(Pods.Values.All(pod =>
                pod.IsReady && Stopwatch.GetElapsedTime(pod.ReadySince) >= atLeast)),
            ReadyPatience);
    }
}
