using k8s;
using k8s.Models;
using MailCluster.Kubernetes.Tests.Rendering;

namespace MailCluster.Faults.Rehearsal;

/// <summary>
/// The dev overlay as <c>kubectl apply -k</c> would send it, with an overlay over it that says what an operator would:
/// how many nodes, and settings of this place.
/// </summary>
internal sealed class Manifests
{
    private readonly IKubernetesObject<V1ObjectMeta>[] _objects;

    private Manifests(string yaml) =>
        _objects = [.. KubernetesYaml.LoadAllFromString(yaml, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];

    public string Namespace => All<V1Namespace>().Single().Metadata.Name;

    /// <summary>Those of our program; the database is the rehearsal's own.</summary>
    public IEnumerable<V1StatefulSet> Nodes => All<V1StatefulSet>().Where(set =>
        set.Spec.Template.Spec.Containers.Any(container => container.Name == "mailcluster"));

    /// <param name="folder">Where the overlay is written to.</param>
    /// <param name="replicas">By name of the StatefulSet.</param>
    /// <param name="settings">As the configuration names them, such as <c>Queue:Jitter=0%</c>.</param>
    public static Manifests Render(
        string folder, IReadOnlyDictionary<string, int> replicas, IEnumerable<string> settings)
    {
        // Kustomize takes no absolute path.
        var dev = Path.GetRelativePath(folder, Checkout.File("k8s", "overlays", "dev"));
        File.WriteAllLines(
            Path.Combine(folder, "kustomization.yaml"),
            [
                "apiVersion: kustomize.config.k8s.io/v1beta1",
                "kind: Kustomization",
                $"resources: ['{dev}']",
                "replicas:",
                .. replicas.Select(set => $"  - {{ name: {set.Key}, count: {set.Value} }}"),
                "configMapGenerator:",
                "  - name: mailcluster-environment",
                "    namespace: mailcluster-dev",
                "    behavior: merge",
                "    literals:",
                .. settings.Select(setting => $"      - '{Variable(setting)}'"),
            ]);
        return new Manifests(Kubectl.Render(folder));
    }

    public IEnumerable<T> All<T>() => _objects.OfType<T>();

    public T Named<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(found => found.Metadata.Name == name);

    public byte[] SecretOf(string workloadSecret, string key) => All<V1Secret>()
        .Single(secret => secret.Metadata.Name.StartsWith(workloadSecret, StringComparison.Ordinal)).Data[key];

    private static string Variable(string setting)
    {
        var end = setting.IndexOf('=', StringComparison.Ordinal);
        var name = setting[..end].Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();
        return $"MAILCLUSTER__{name}{setting[end..]}";
    }
}
