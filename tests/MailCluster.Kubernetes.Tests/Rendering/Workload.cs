using k8s.Models;

namespace MailCluster.Kubernetes.Tests.Rendering;

/// <summary>A StatefulSet or a Job: what all have that make pods.</summary>
/// <param name="Selector">Null where the API server chooses one.</param>
internal sealed record Workload(
    string Kind, V1ObjectMeta Metadata, IDictionary<string, string>? Selector, V1PodTemplateSpec Template)
{
    private const string OurContainer = "mailcluster";

    public string Name => Metadata.Name;

    public V1PodSpec Pod => Template.Spec;

    public V1Container Container => Assert.Single(Pod.Containers);

    public bool RunsMailCluster => Container.Name == OurContainer;

    /// <summary>Whether a selector takes its pods; an empty one takes all.</summary>
    public bool IsSelectedBy(IDictionary<string, string>? labels) => labels is null || labels.All(label =>
        Template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>Whether a port of a Service or a probe, by name or number, is one of the container's.</summary>
    public bool HasPort(IntOrString port) => (Container.Ports ?? []).Any(own =>
        own.Name == port.Value || own.ContainerPort.ToString(Numbers) == port.Value);

    public override string ToString() => $"{Kind} {Name}";

    private static readonly IFormatProvider Numbers = System.Globalization.CultureInfo.InvariantCulture;
}
