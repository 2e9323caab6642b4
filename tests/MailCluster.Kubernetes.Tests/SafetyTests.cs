using k8s.Models;
using MailCluster.Kubernetes.Tests.Program;
using MailCluster.Kubernetes.Tests.Rendering;

namespace MailCluster.Kubernetes.Tests;

/// <summary>No pod may more than it must.</summary>
public sealed class SafetyTests
{
    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void The_only_right_is_that_to_the_lease(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var rules = Assert.Single(rendered.All<V1Role>()).Rules;
        Assert.All(rules, rule => Assert.Equal(
            ("coordination.k8s.io", "leases"), (Assert.Single(rule.ApiGroups), Assert.Single(rule.Resources))));

        // To create cannot be limited to a name, so that rule may have nothing else in it.
        var unnamed = Assert.Single(rules, rule => rule.ResourceNames is null);
        Assert.Equal("create", Assert.Single(unnamed.Verbs));
        var named = Assert.Single(rules, rule => rule.ResourceNames is not null);
        Assert.Equal(["get", "update"], named.Verbs);
        var lease = PodSettings.Of(rendered, rendered.Nodes.First()).Options.Cluster.Lease;
        Assert.Equal(lease, Assert.Single(named.ResourceNames));
        Assert.Empty(rendered.All<V1ClusterRole>());
        Assert.Empty(rendered.All<V1ClusterRoleBinding>());
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Only_nodes_get_a_token_of_the_api_server(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.All(rendered.All<V1ServiceAccount>(), account => Assert.False(account.AutomountServiceAccountToken));
        Assert.All(rendered.Workloads, workload => Assert.Equal(
            rendered.Nodes.Contains(workload), workload.Pod.AutomountServiceAccountToken));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Pods_run_without_privileges(string overlay) => Assert.All(Overlay.Of(overlay).Workloads, workload =>
    {
        var pod = workload.Pod.SecurityContext;
        Assert.True(pod.RunAsNonRoot);
        Assert.NotEqual(0, pod.RunAsUser ?? 0);
        Assert.NotEqual(0, pod.RunAsGroup ?? 0);
        Assert.Equal("RuntimeDefault", pod.SeccompProfile.Type);
        Assert.All((bool?[])[workload.Pod.HostNetwork, workload.Pod.HostPID, workload.Pod.HostIPC], Assert.Null);
        Assert.Null(workload.Pod.InitContainers);
        var container = workload.Container.SecurityContext;
        Assert.Equal((false, true), (container.AllowPrivilegeEscalation, container.ReadOnlyRootFilesystem));
        Assert.Equal("ALL", Assert.Single(container.Capabilities.Drop));
        Assert.Null(container.Capabilities.Add);
        Assert.Null(container.Privileged);
        Assert.All(workload.Container.Ports ?? [], port => Assert.Null(port.HostPort));
        Assert.All(workload.Pod.Volumes, volume => Assert.Null(volume.HostPath));
    });

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Variables_of_services_are_not_mixed_into_ours(string overlay) =>
        Assert.All(Overlay.Of(overlay).Workloads, workload => Assert.False(workload.Pod.EnableServiceLinks));

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Images_have_a_version_and_ours_is_one(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.Single(rendered.Ours.Select(workload => workload.Container.Image).Distinct());
        Assert.All(
            rendered.Workloads, workload => Assert.Matches(@"^[a-z0-9./-]+:\d[\w.-]*$", workload.Container.Image));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Memory_is_what_was_asked_for_and_processors_have_no_limit(string overlay) =>
        Assert.All(Overlay.Of(overlay).Workloads, workload =>
        {
            var resources = workload.Container.Resources;
            Assert.Equal(resources.Requests["memory"], Assert.Single(resources.Limits).Value);
            Assert.Equal("memory", Assert.Single(resources.Limits).Key);
            Assert.True(resources.Requests.ContainsKey("cpu"));
        });

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Folders_that_are_written_have_a_bound(string overlay) => Assert.All(
        Overlay.Of(overlay).Workloads.SelectMany(workload => workload.Pod.Volumes)
            .Select(volume => volume.EmptyDir).OfType<V1EmptyDirVolumeSource>(),
        folder => Assert.NotNull(folder.SizeLimit));
}
