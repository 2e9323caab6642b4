using System.Text.RegularExpressions;
using k8s.Models;
using MailCluster.Kubernetes.Tests.Rendering;
using YamlDotNet.Core;

namespace MailCluster.Kubernetes.Tests;

/// <summary>What comes out of kustomize is what the API server takes, as far as one can tell without one.</summary>
public sealed partial class RenderingTests
{
    /// <summary>Words that the API server takes, where its models here would take any.</summary>
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["podManagementPolicy"] = ["OrderedReady", "Parallel"],
        ["restartPolicy"] = ["Always", "OnFailure", "Never"],
        ["externalTrafficPolicy"] = ["Cluster", "Local"],
        ["protocol"] = ["TCP", "UDP", "SCTP"],
        ["whenUnsatisfiable"] = ["DoNotSchedule", "ScheduleAnyway"],
        ["type"] = ["LoadBalancer", "ClusterIP", "RuntimeDefault", "Utilization", "Resource", "Pods", "Opaque"],
        ["pod-security.kubernetes.io/enforce"] = ["restricted"],
    };

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Every_object_has_only_fields_that_the_api_knows(string overlay) =>
        Assert.NotEmpty(Overlay.Of(overlay).Objects);

    [Fact]
    public void A_field_that_the_api_does_not_know_is_refused()
    {
        const string misspelt = "apiVersion: v1\nkind: Service\nmetadata:\n  name: one\nspec:\n  portz: []\n";
        Assert.Throws<YamlException>(() => Overlay.Load(misspelt).ToArray());
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Words_are_those_that_the_api_enumerates(string overlay)
    {
        var wrong =
            from Match line in WordLine().Matches(Overlay.Of(overlay).Yaml)
            let key = line.Groups["key"].Value
            where Words.TryGetValue(key, out var allowed) && !allowed.Contains(line.Groups["word"].Value)
            select line.Value;
        Assert.Empty(wrong);
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Everything_is_in_the_namespace_that_comes_with_it(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var space = Assert.Single(rendered.All<V1Namespace>()).Metadata.Name;
        Assert.All(
            rendered.Objects.Where(found => found is not V1Namespace),
            found => Assert.Equal(space, found.Metadata.NamespaceProperty));
        Assert.All(
            rendered.All<V1RoleBinding>().SelectMany(binding => binding.Subjects),
            subject => Assert.Equal(space, subject.NamespaceProperty));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Names_of_ports_are_short_enough_for_the_api(string overlay)
    {
        var names = Overlay.Of(overlay).Workloads.SelectMany(workload => workload.Container.Ports ?? [])
            .Select(port => port.Name);
        Assert.All(names, name => Assert.Matches("^[a-z0-9-]{1,15}$", name));
    }

    [GeneratedRegex(@"^[\s-]*(?<key>[\w./-]+): (?<word>\S+)$", RegexOptions.Multiline)]
    private static partial Regex WordLine();
}
