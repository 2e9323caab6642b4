using System.Collections.Concurrent;
using System.Collections.Immutable;
using k8s;
using k8s.Models;

namespace MailCluster.Kubernetes.Tests.Rendering;

/// <summary>All objects of one overlay, as the API server would get them. Rendered once for all tests.</summary>
internal sealed class Overlay
{
    private static readonly ConcurrentDictionary<string, Lazy<Overlay>> Rendered = new(StringComparer.Ordinal);

    private Overlay(string yaml)
    {
        Yaml = yaml;
        Objects = [.. Load(yaml)];
        Workloads =
        [
            .. All<V1StatefulSet>().Select(set =>
                new Workload("StatefulSet", set.Metadata, set.Spec.Selector.MatchLabels, set.Spec.Template)),
            .. All<V1Job>().Select(job => new Workload("Job", job.Metadata, null, job.Spec.Template)),
        ];
    }

    public string Yaml { get; }

    public ImmutableArray<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>Whatever makes pods.</summary>
    public ImmutableArray<Workload> Workloads { get; }

    /// <summary>Those that run our program.</summary>
    public IEnumerable<Workload> Ours => Workloads.Where(workload => workload.RunsMailCluster);

    /// <summary>Those of them that are members of the cluster.</summary>
    public IEnumerable<Workload> Nodes => Ours.Where(workload => workload.Kind == "StatefulSet");

    public static Overlay Of(string name) => Rendered.GetOrAdd(
        name, key => new(() => new Overlay(Kubectl.Render(Checkout.File("k8s", "overlays", key))))).Value;

    /// <summary>Strictly: a field that the API does not know is refused, and so is one that comes twice.</summary>
    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Load(string yaml) =>
        KubernetesYaml.LoadAllFromString(yaml, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>();

    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    public T Named<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Assert.Single(All<T>(), found => found.Metadata.Name == name);

    public IEnumerable<Workload> SelectedBy(IDictionary<string, string>? labels) =>
        Workloads.Where(workload => workload.IsSelectedBy(labels));
}
