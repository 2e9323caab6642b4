using k8s.Models;
using MailCluster.Kubernetes.Tests.Rendering;

namespace MailCluster.Kubernetes.Tests;

/// <summary>Who may talk to whom. A pod that any policy selects is refused everything that none allows.</summary>
public sealed class NetworkPolicyTests
{
    private const string Anywhere = "anywhere";

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Every_pod_is_under_a_policy_both_ways(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.All(rendered.Workloads, workload => Assert.Equal(
            ["Egress", "Ingress"],
            Policies(rendered, workload).SelectMany(policy => policy.Spec.PolicyTypes).Distinct().Order()));
    }

    [KubectlTheory]
    [InlineData("mailcluster", "2110 anywhere, 2143 anywhere, 2993 anywhere, 2995 anywhere, 4053 nodes, 8080 namespace")]
    [InlineData("mailcluster-smtp", "2465 anywhere, 2525 anywhere, 2587 anywhere, 4053 nodes, 8080 namespace")]
    [InlineData("mailcluster-schema", "")]
    [InlineData("mailcluster-postgres", "5432 ours")]
    public void What_comes_in(string workload, string expected)
    {
        var rendered = Overlay.Of(Overlays.Dev);
        var rules = Policies(rendered, rendered.Workloads.Single(found => found.Name == workload))
            .SelectMany(policy => policy.Spec.Ingress ?? [])
            .SelectMany(rule => rule.Ports.Select(port => $"{port.Port.Value} {Peers(rendered, rule.FromProperty)}"));
        Assert.Equal(expected, string.Join(", ", rules.Order()));
    }

    [KubectlTheory]
    [InlineData("mailcluster", "25 anywhere, 4053 nodes, 443 anywhere, 53 anywhere, 5432 anywhere, 6443 anywhere")]
    [InlineData("mailcluster-smtp", "4053 nodes, 443 anywhere, 53 anywhere, 5432 anywhere, 6443 anywhere")]
    [InlineData("mailcluster-schema", "53 anywhere, 5432 anywhere")]
    [InlineData("mailcluster-postgres", "")]
    public void What_goes_out(string workload, string expected)
    {
        var rendered = Overlay.Of(Overlays.Dev);
        var rules = Policies(rendered, rendered.Workloads.Single(found => found.Name == workload))
            .SelectMany(policy => policy.Spec.Egress ?? [])
            .SelectMany(rule => rule.Ports.Select(port => $"{port.Port.Value} {Peers(rendered, rule.To)}"));
        Assert.Equal(expected, string.Join(", ", rules.Distinct().Order(StringComparer.Ordinal)));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Ports_that_are_let_in_are_there(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.All(rendered.Workloads, workload => Assert.All(
            Policies(rendered, workload).SelectMany(policy => policy.Spec.Ingress ?? []).SelectMany(rule => rule.Ports),
            port => Assert.True(workload.HasPort(port.Port), $"{workload} has no port {port.Port.Value}")));
    }

    private static IEnumerable<V1NetworkPolicy> Policies(Overlay overlay, Workload workload) =>
        overlay.All<V1NetworkPolicy>().Where(policy => workload.IsSelectedBy(policy.Spec.PodSelector.MatchLabels));

    private static string Peers(Overlay overlay, IList<V1NetworkPolicyPeer>? peers)
    {
        if (peers is null)
        {
            return Anywhere;
        }

        var peer = Assert.Single(peers);
        Assert.True(peer is { IpBlock: null, NamespaceSelector: null, PodSelector.MatchExpressions: null });
        var selected = overlay.SelectedBy(peer.PodSelector.MatchLabels).ToHashSet();
        return selected switch
        {
            _ when peer.PodSelector.MatchLabels is null => "namespace",
            _ when selected.SetEquals(overlay.Nodes) => "nodes",
            _ when selected.SetEquals(overlay.Ours) => "ours",
            _ => string.Join('+', selected),
        };
    }
}
