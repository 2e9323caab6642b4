using System.Net;
using k8s.Models;
using MailCluster.Kubernetes.Tests.Rendering;
using MailCluster.Node.Configuration;

namespace MailCluster.Kubernetes.Tests.Program;

/// <summary>
/// The manifests' settings are read by the program's own reader, which refuses what it does not know.
/// </summary>
public sealed class SettingsTests
{
    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void The_program_would_start_with_them(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.All(rendered.Ours, workload => Assert.NotEmpty(PodSettings.Of(rendered, workload).Settings));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Every_variable_is_a_setting(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var names = rendered.Ours.SelectMany(workload => PodSettings.Environment(rendered, workload));
        Assert.All(names, variable => Assert.StartsWith(ConfigurationSources.EnvironmentPrefix, variable.Name));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void The_schema_is_made_in_the_database_that_the_nodes_use(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var storages = rendered.Ours.Select(workload => string.Join('\n', PodSettings.Of(rendered, workload).Settings
            .Where(setting => setting.Key.StartsWith("Storage:", StringComparison.Ordinal))));
        Assert.Contains("postgres", Assert.Single(storages.Distinct()));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Nodes_share_everything_but_their_roles(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var others = rendered.Nodes.Select(node => string.Join(
            '\n', PodSettings.Of(rendered, node).Settings.Where(setting => setting.Key != "Cluster:Roles")));
        Assert.Single(others.Distinct());
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Every_role_is_somebodys(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var taken = rendered.Nodes.SelectMany(node => PodSettings.Of(rendered, node).Options.Cluster.Roles);
        Assert.Equal(Enum.GetValues<ClusterRole>(), taken.Order());
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Nodes_find_one_another_before_they_are_ready(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        var cluster = NodeOptions(rendered).Cluster;
        var service = rendered.Named<V1Service>(Assert.IsType<string>(cluster.Discovery));
        Assert.True(service.Spec.PublishNotReadyAddresses);
        Assert.Equal(rendered.Nodes, rendered.SelectedBy(service.Spec.Selector));
        Assert.Equal(cluster.Port, Assert.Single(service.Spec.Ports).Port);
        Assert.Equal(IPAddress.Parse("10.1.2.3"), cluster.Address);
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Probes_reach_http_and_nobody_logs_in_without_tls(string overlay)
    {
        var options = NodeOptions(Overlay.Of(overlay));
        Assert.Equal(IPAddress.Any, options.Http.Address);
        Assert.All(options.Listeners, listener => Assert.Equal(IPAddress.Any, listener.Address));
        Assert.All(options.Listeners, listener => Assert.NotEqual(ListenerTls.None, listener.Tls));
        Assert.False(options.Smtp.PlaintextAuthOnLoopback || options.Pop3.PlaintextLoginOnLoopback);
        Assert.False(options.Node.CreateExampleDomain);
    }

    [KubectlFact]
    public void Production_decides_a_split_by_lease_and_trusts_only_certificates()
    {
        var options = NodeOptions(Overlay.Of(Overlays.Production));
        Assert.Equal(SplitBrainStrategy.Lease, options.Cluster.SplitBrain);
        string?[] files =
            [options.Cluster.Certificate, options.Cluster.Key, options.Cluster.Authority, options.Tls.Certificate];
        Assert.All(files, Assert.NotNull);
    }

    private static MailClusterOptions NodeOptions(Overlay overlay) =>
        PodSettings.Of(overlay, overlay.Nodes.First()).Options;
}
