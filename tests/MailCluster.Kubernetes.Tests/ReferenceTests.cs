using System.Data.Common;
using System.Text;
using k8s.Models;
using MailCluster.Kubernetes.Tests.Rendering;

namespace MailCluster.Kubernetes.Tests;

/// <summary>An object that names another one names one that is there.</summary>
public sealed class ReferenceTests
{
    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Workloads_select_their_own_pods_and_no_others(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.All(
            rendered.Workloads.Where(workload => workload.Selector is not null),
            workload => Assert.Equal(workload, Assert.Single(rendered.SelectedBy(workload.Selector))));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Services_lead_to_ports_that_their_pods_have(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        foreach (var service in rendered.All<V1Service>())
        {
            var selected = rendered.SelectedBy(service.Spec.Selector).ToArray();
            Assert.NotEmpty(selected);
            foreach (var port in service.Spec.Ports)
            {
                Assert.All(selected, pods => Assert.True(
                    pods.HasPort(port.TargetPort),
                    $"{service.Metadata.Name} leads to {port.TargetPort.Value} of {pods}"));
            }
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Stateful_sets_have_the_headless_service_that_they_name(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        foreach (var set in rendered.All<V1StatefulSet>())
        {
            var service = rendered.Named<V1Service>(set.Spec.ServiceName);
            Assert.Equal("None", service.Spec.ClusterIP);
            Assert.Contains(
                rendered.SelectedBy(service.Spec.Selector), workload => workload.Name == set.Metadata.Name);
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Config_maps_are_in_the_overlay(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var named = rendered.Workloads.SelectMany(workload => (IEnumerable<string?>)
        [
            .. (workload.Pod.Volumes ?? []).Select(volume => volume.ConfigMap?.Name),
            .. (workload.Container.EnvFrom ?? []).Select(source => source.ConfigMapRef?.Name),
        ]);
        var there = rendered.All<V1ConfigMap>().Select(map => map.Metadata.Name).ToArray();
        Assert.All(named.OfType<string>(), name => Assert.Contains(name, there));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Secrets_are_in_the_overlay_or_the_readme_says_how_to_make_them(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var named = rendered.Workloads.SelectMany(workload => workload.Pod.Volumes ?? [])
            .Select(volume => volume.Secret?.SecretName)
            .OfType<string>();
        Assert.All(named, name => Assert.NotEmpty(Secrets.KeysOf(rendered, name)));
    }

    [KubectlFact]
    public void Production_brings_no_secret_of_its_own() =>
        Assert.Empty(Overlay.Of(Overlays.Production).All<V1Secret>());

    [KubectlFact]
    public void The_laptops_nodes_know_the_address_and_the_password_of_its_database()
    {
        var rendered = Overlay.Of(Overlays.Dev);
        var secret = Assert.Single(rendered.All<V1Secret>(), found => found.Data.ContainsKey("connection-string"));
        var connection = new DbConnectionStringBuilder { ConnectionString = Text("connection-string") };
        rendered.Named<V1Service>((string)connection["Host"]);
        Assert.Equal(Text("password"), connection["Password"]);
        var server = rendered.Workloads.Single(workload => workload.Name == (string)connection["Host"]).Container;
        Assert.Equal(connection["Username"], server.Env.Single(variable => variable.Name == "POSTGRES_USER").Value);
        Assert.Equal(connection["Database"], server.Env.Single(variable => variable.Name == "POSTGRES_DB").Value);

        string Text(string key) => Encoding.UTF8.GetString(secret.Data[key]).TrimEnd('\n');
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Every_mount_has_its_volume_and_every_volume_its_mount(string overlay) =>
        Assert.All(Overlay.Of(overlay).Workloads, workload =>
        {
            var claims = Overlay.Of(overlay).All<V1StatefulSet>()
                .Where(set => set.Metadata.Name == workload.Name)
                .SelectMany(set => set.Spec.VolumeClaimTemplates ?? [])
                .Select(claim => claim.Metadata.Name);
            Assert.Equal(
                (workload.Pod.Volumes ?? []).Select(volume => volume.Name).Concat(claims).Order(),
                (workload.Container.VolumeMounts ?? []).Select(mount => mount.Name).Distinct().Order());
        });

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Service_accounts_and_roles_are_there(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.All(rendered.Ours, workload => rendered.Named<V1ServiceAccount>(workload.Pod.ServiceAccountName));
        Assert.All(rendered.All<V1RoleBinding>(), binding =>
        {
            rendered.Named<V1Role>(binding.RoleRef.Name);
            Assert.All(binding.Subjects, subject => rendered.Named<V1ServiceAccount>(subject.Name));
        });
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Each_kind_of_node_has_one_disruption_budget(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var budgets = rendered.All<V1PodDisruptionBudget>().ToArray();
        Assert.All(rendered.Nodes, node => Assert.Single(
            budgets, budget => node.IsSelectedBy(budget.Spec.Selector.MatchLabels)));
        Assert.All(budgets, budget => Assert.Single(rendered.SelectedBy(budget.Spec.Selector.MatchLabels)));
    }

    [KubectlFact]
    public void The_autoscaler_has_its_workload_and_alone_says_how_many()
    {
        var rendered = Overlay.Of(Overlays.Production);
        var scaler = Assert.Single(rendered.All<V2HorizontalPodAutoscaler>());
        var target = scaler.Spec.ScaleTargetRef;
        Assert.Equal(("apps/v1", "StatefulSet"), (target.ApiVersion, target.Kind));
        Assert.Null(rendered.Named<V1StatefulSet>(target.Name).Spec.Replicas);
        Assert.Equal(600, scaler.Spec.Behavior.ScaleDown.StabilizationWindowSeconds);
    }

    [KubectlFact]
    public void Without_an_autoscaler_the_workload_says_how_many()
    {
        var rendered = Overlay.Of(Overlays.Dev);
        Assert.Empty(rendered.All<V2HorizontalPodAutoscaler>());
        Assert.All(rendered.All<V1StatefulSet>(), set => Assert.Equal(1, set.Spec.Replicas));
    }
}
