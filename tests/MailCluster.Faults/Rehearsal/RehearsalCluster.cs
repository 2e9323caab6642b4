using System.Net;
using System.Text;
using k8s.Models;
using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load;
using MailCluster.Testing;

namespace MailCluster.Faults.Rehearsal;

/// <summary>The namespace of the dev overlay, as if it had been applied. Owns all of it.</summary>
internal sealed class RehearsalCluster : IAsyncDisposable
{
    private const int PostgresPort = 5432;
    private const string DatabaseService = "mailcluster-postgres";
    private const string SmtpService = "mailcluster-smtp";
    private const string Core = "mailcluster";

    /// <summary>Until name server and balancers have heard of a change.</summary>
    private static readonly TimeSpan Propagation = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ClusterPatience = TimeSpan.FromMinutes(2);

    private readonly List<IAsyncDisposable> _owned = [];
    private readonly Ledger _ledger = new();
    private Machine _machine = null!;
    private StatefulSet[] _sets = [];
    private Pod? _schema;

    private RehearsalCluster()
    {
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mailcluster-rehearsal-").FullName;

    public Ledger Ledger => _ledger;

    public Manifests Manifests => _machine.Manifests;

    public IReadOnlyList<StatefulSet> Sets => _sets;

    public StatefulSet CoreSet => _sets.Single(set => set.Name == Core);

    public IEnumerable<Pod> Pods => _sets.SelectMany(set => set.Pods.Values);

    /// <summary>Where a balancer in front of the SMTP Service sends connections to.</summary>
    public IPEndPoint[] Smtp { get; private set; } = [];

    /// <summary>All objects at once, as <c>kubectl apply -k</c> sends them; returns when all pods are ready.</summary>
    public static async Task<RehearsalCluster> ApplyAsync(int core, int smtp)
    {
        var cluster = new RehearsalCluster();
        try
        {
            await cluster.PrepareAsync(core, smtp);
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The operator's API of a pod.</summary>
    public NodeApi ApiOf(Pod pod) =>
        new(pod.Address, () => Encoding.UTF8.GetString(Manifests.SecretOf("mailcluster-api", "api-token")));

    /// <summary>Until each of these sees all of these, and nobody else, as members that are up and reachable.</summary>
    public Task WaitUntilMembersAsync(Pod[] pods) => Wait.UntilAsync(
        $"{pods.Length} pods are one cluster, see {Folder}",
        async () =>
        {
            foreach (var pod in pods)
            {
                using var api = ApiOf(pod);
                if (await api.TryCountMembersAsync() != (pods.Length, pods.Length) || !await api.IsReadyAsync())
                {
                    return false;
                }
            }

            return true;
        },
        ClusterPatience);

    public async ValueTask DisposeAsync()
    {
        foreach (var set in _sets)
        {
            await set.DisposeAsync();
        }

        if (_schema is not null)
        {
            await _schema.DisposeAsync();
        }

        foreach (var own in Enumerable.Reverse(_owned))
        {
            await own.DisposeAsync();
        }

        // Logs, events and names stay, for whoever looks for what went wrong.
        foreach (var large in (string[])["app", "pods"])
        {
            if (Path.Combine(Folder, large) is var path && Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    private async Task PrepareAsync(int core, int smtp)
    {
        var network = Own(await PodNetwork.CreateAsync());
        var postgres = Own(await PostgresServer.StartAsync());
        await postgres.ExecuteAsync("CREATE ROLE mailcluster SUPERUSER LOGIN");
        await postgres.ExecuteAsync("CREATE DATABASE mailcluster OWNER mailcluster");
        Own(new ServiceForwarder(new(network.Database, PostgresPort), new(IPAddress.Loopback, postgres.Port)));
        var hops = Enumerable.Range(0, ScriptedSink.Count)
            .Select(_ => Own(new ScriptedSink(network.Host, _ledger))).ToArray();
        var manifests = Manifests.Render(
            Folder, new Dictionary<string, int> { [Core] = core, [SmtpService] = smtp }, Settings(network.Host, hops));
        var dns = Own(await ClusterDns.StartAsync(network.Host, Folder));
        Directory.CreateDirectory(Path.Combine(Folder, "pods"));
        _machine = new Machine(manifests, await Image.BuildAsync(Folder), network, dns, Folder);
        _sets = [.. manifests.Nodes.Select(set => new StatefulSet(set, _machine, PublishAsync))];
    }

    private async Task StartAsync()
    {
        await PublishAsync();
        var job = Manifests.All<V1Job>().Single();
        _schema = await Pod.CreateAsync(job.Metadata.Name, job.Spec.Template, _machine);
        _schema.Start();
        await Task.WhenAll(_sets.Select(set => set.StartAsync()));
        await Task.WhenAll(_sets.Select(set => set.WaitUntilReadyAsync()));
        await _schema.Done;
    }

    /// <summary>Names for all Services without an address of their own, and endpoints for the balancer.</summary>
    private async Task PublishAsync()
    {
        await Task.Delay(Propagation);
        var zone = $"{Manifests.Namespace}.svc.cluster.local";
        var records = new List<(string, IPAddress)> { ($"{DatabaseService}.{zone}", _machine.Network.Database) };
        foreach (var service in Manifests.All<V1Service>().Where(found =>
            found.Spec.ClusterIP == "None" && found.Metadata.Name != DatabaseService))
        {
            var name = $"{service.Metadata.Name}.{zone}";
            foreach (var (set, pod) in _sets.SelectMany(set => set.Pods.Values.Select(pod => (set, pod)))
                .Where(found => found.pod.IsSelectedBy(service)
                    && (service.Spec.PublishNotReadyAddresses == true || IsServing(found.pod))))
            {
                records.Add((name, pod.Address));
                if (set.ServiceName == service.Metadata.Name)
                {
                    records.Add(($"{pod.Name}.{name}", pod.Address));
                }
            }
        }

        await _machine.Dns.PublishAsync(records);
        var smtp = Manifests.Named<V1Service>(SmtpService);
        var port = smtp.Spec.Ports.Single(found => found.Name == "smtp").TargetPort.Value;
        Smtp =
        [
            .. Pods.Where(pod => IsServing(pod) && pod.IsSelectedBy(smtp))
                .Select(pod => new IPEndPoint(pod.Address, pod.Port(port))),
        ];
    }

    private static bool IsServing(Pod pod) => pod is { IsReady: true, IsTerminating: false };

    /// <summary>What an operator would say for this place, beside the overlay.</summary>
    private static IEnumerable<string> Settings(IPAddress host, ScriptedSink[] hops)
    {
        yield return "Smtp:RelayNetworks=10.0.0.0/8";
        yield return "Queue:RetryDelays=2s";
        yield return "Queue:Jitter=0%";
        yield return "Relay:MinBackOff=500ms";
        yield return "Relay:MaxBackOff=1s";
        for (var hop = 0; hop < hops.Length; hop++)
        {
            yield return $"Relay:Routes:{hop}:Domain={ScriptedSink.DomainOf(hop)}";
            yield return $"Relay:Routes:{hop}:Host={host}";
            yield return $"Relay:Routes:{hop}:Port={hops[hop].Port}";
            yield return $"Relay:Routes:{hop}:Tls=none";
        }
    }

    private T Own<T>(T thing)
    {
        _owned.Add(thing as IAsyncDisposable ?? new Later((IDisposable)thing!));
        return thing;
    }

    private sealed class Later(IDisposable thing) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            thing.Dispose();
            return default;
        }
    }
}
