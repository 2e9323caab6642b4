using System.Diagnostics;
using System.Globalization;
using System.Net;
using k8s.Models;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Rehearsal;

/// <summary>
/// One pod and what the kubelet does for it: its network, volumes and containers, restarts, probes, and its end.
/// Another pod of the same name is another object.
/// </summary>
internal sealed partial class Pod : IAsyncDisposable
{
    private readonly CancellationTokenSource _terminating = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Machine _machine;
    private readonly V1PodTemplateSpec _template;
    private readonly string _folder;
    private readonly PodVolumes _volumes;
    private ContainerProcess? _running;
    private bool _isLost;
    private long _peakMemory;
    private Task _life = Task.CompletedTask;

    private Pod(
        string name, V1PodTemplateSpec template, Machine machine, PodLink link, string folder, PodVolumes volumes)
    {
        (Name, Link) = (name, link);
        (_machine, _template, _folder, _volumes) = (machine, template, folder, volumes);
    }

    public string Name { get; }

    public PodLink Link { get; }

    public IPAddress Address => Link.Address;

    public bool IsReady { get; private set; }

    /// <summary>Nobody is to send it anything new.</summary>
    public bool IsTerminating { get; private set; }

    /// <summary>When it became ready the last time.</summary>
    public long ReadySince { get; private set; }

    public int Restarts { get; private set; }

    public int RestartsByProbe { get; private set; }

    public int? ExitCode { get; private set; }

    /// <summary>The most memory that a container of it ever had, in octets.</summary>
    public long PeakMemory => _peakMemory = Math.Max(_peakMemory, _running?.PeakMemory() ?? 0);

    /// <summary>Readiness changed, which the name server and balancers have to know.</summary>
    public event Func<Task>? Changed;

    private V1PodSpec Spec => _template.Spec;

    private V1Container Container => Spec.Containers.Single();

    public static async Task<Pod> CreateAsync(string name, V1PodTemplateSpec template, Machine machine)
    {
        var link = await machine.Network.AddAsync();
        var folder = Directory.CreateDirectory(Path.Combine(machine.Folder, "pods", $"{name}-{link.Address}")).FullName;
        var volumes = await PodVolumes.PrepareAsync(Path.Combine(folder, "volumes"), template.Spec, machine.Manifests);
        var pod = new Pod(name, template, machine, link, folder, volumes);
        var etc = Directory.CreateDirectory(Path.Combine(folder, "etc")).FullName;
        var names = machine.Dns.ResolvConf(machine.Manifests.Namespace);
        await File.WriteAllTextAsync(Path.Combine(etc, "resolv.conf"), names);
        await File.WriteAllTextAsync(Path.Combine(etc, "hosts"), $"127.0.0.1 localhost\n{link.Address} {name}\n");
        await File.WriteAllTextAsync(Path.Combine(etc, "passwd"), Image.Users);
        return pod;
    }

    public bool IsSelectedBy(V1Service service) => service.Spec.Selector.All(label =>
        _template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>The number of one of its ports, by name.</summary>
    public int Port(string name) => Container.Ports.Single(port => port.Name == name).ContainerPort;

    /// <summary>Runs its containers until it is told to end, or they are done.</summary>
    public void Start() => _life = LiveAsync();

    /// <summary>Until a pod that ends by itself has done so.</summary>
    public Task Done => _life;

    /// <summary><c>kubectl exec</c>.</summary>
    public async Task ExecuteAsync(string input, params string[] command)
    {
        var first = await _running!.FindFirstAsync();
        string[] words =
        [
            "--target", first.ToString(CultureInfo.InvariantCulture), "--mount", "--net", "--pid", "--uts", "--ipc",
            "--root", "--", .. RootFileSystem.Enter(Spec, Container, _machine.Image), .. command,
        ];
        await Shell.RunWithInputAsync(input, Environment(Container), "nsenter", words);
    }

    /// <summary>preStop, SIGTERM, and until it has ended; returns how long that took.</summary>
    /// <exception cref="FaultException">It had to be killed, or did not end with 0.</exception>
    public async Task<TimeSpan> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        var grace = TimeSpan.FromSeconds(Spec.TerminationGracePeriodSeconds ?? 30);
        IsTerminating = true;
        // From here on the kubelet asks for readiness only.
        await _terminating.CancelAsync();
        await Task.WhenAll(Changed?.Invoke() ?? Task.CompletedTask, PreStopAsync());
        var container = _running!;
        _ = PeakMemory; // It takes that with it.
        await _over.CancelAsync();
        await container.SignalAsync("TERM");
        try
        {
            await _life.WaitAsync(grace - clock.Elapsed);
        }
        catch (TimeoutException)
        {
            throw new FaultException($"{Name} had to be killed: it did not end within its {grace.TotalSeconds} s");
        }

        await RemoveAsync();
        return ExitCode == 0 ? clock.Elapsed : throw new FaultException($"{Name} ended with {ExitCode} after SIGTERM");
    }

    /// <summary>
    /// Its machine is gone in this moment: no word of it reaches anybody, not even that it is not ready any more.
    /// </summary>
    public async Task LoseAsync()
    {
        _isLost = true;
        await PodNetwork.CutAsync(Link);
        _ = PeakMemory; // It takes that with it.
        await _over.CancelAsync();
        await _running!.SignalAsync("KILL");
        await _life;
    }

    /// <summary>Gives its network back.</summary>
    public Task RemoveAsync() => _machine.Network.RemoveAsync(Link);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _running?.Kill();
        await _life.ContinueWith(_ => { }, TaskScheduler.Default);
        _over.Dispose();
        _terminating.Dispose();
    }

    private async Task PreStopAsync()
    {
        if (Container.Lifecycle?.PreStop is not { } hook)
        {
            return;
        }

        var sleep = hook.Sleep ?? throw new NotSupportedException("the rehearsal knows no preStop but sleep");
        await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds));
    }

    private Dictionary<string, string> Environment(V1Container container) =>
        PodEnvironment.Of(Name, Address, container, _machine.Manifests, _machine.Image);
}
