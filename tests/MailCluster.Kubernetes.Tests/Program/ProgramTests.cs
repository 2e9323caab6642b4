using k8s.Models;
using MailCluster.Kubernetes.Tests.Rendering;
using MailCluster.Node.Commands;
using MailCluster.Node.Configuration;
using MailCluster.Node.Http;
using MailCluster.Node.Membership;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailCluster.Kubernetes.Tests.Program;

/// <summary>What the manifests say of the program is what the program is.</summary>
public sealed class ProgramTests
{
    /// <summary>What the host adds to Node:ShutdownTimeout for the actors to hand over and stop.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(30);

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Probes_ask_what_the_program_answers(string overlay)
    {
        var answered = HealthPaths();
        Assert.All(Overlay.Of(overlay).Nodes, node =>
        {
            var container = node.Container;
            V1Probe[] probes = [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];
            Assert.All(probes, probe => Assert.Contains(probe.HttpGet.Path, answered));
            Assert.All(probes, probe => Assert.Equal("http", probe.HttpGet.Port.Value));
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
        });
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Containers_have_the_ports_that_their_roles_listen_on(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.All(rendered.Nodes, node =>
        {
            var options = PodSettings.Of(rendered, node).Options;
            var expected = options.Listeners
                .Where(listener => options.Cluster.Roles.Contains(RoleOf(listener)))
                .Select(listener => (listener.Name, listener.Port))
                .Append(("http", options.Http.Port))
                .Append(("cluster", options.Cluster.Port));
            var ports = node.Container.Ports.Select(port => (port.Name, port.ContainerPort));
            Assert.Equal(expected.Order(), ports.Order());
        });
    }

    [KubectlTheory]
    [InlineData("mailcluster-smtp", "smtp 25, submission 587, submissions 465")]
    [InlineData("mailcluster-access", "imap 143, imaps 993, pop3 110, pop3s 995")]
    [InlineData("mailcluster-http", "http 8080")]
    public void Services_have_the_ports_that_clients_expect(string name, string expected)
    {
        var service = Overlay.Of(Overlays.Production).Named<V1Service>(name);
        var ports = service.Spec.Ports.Select(port => $"{port.TargetPort.Value} {port.Port}").Order();
        Assert.Equal(expected, string.Join(", ", ports));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public async Task Arguments_are_commands_of_the_program(string overlay)
    {
        foreach (var workload in Overlay.Of(overlay).Ours)
        {
            Assert.Null(workload.Container.Command);
            Assert.Equal(WhatRefuses.MissingFile, await RunAsync([.. workload.Container.Args ?? []]));
        }
    }

    [Fact]
    public async Task A_command_that_the_program_does_not_have_is_found() =>
        Assert.Equal(WhatRefuses.Usage, await RunAsync(["schema", "aply"]));

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void A_node_has_time_to_stop(string overlay)
    {
        var rendered = Overlay.Of(overlay);
        Assert.All(rendered.Nodes, node =>
        {
            var patience = PodSettings.Of(rendered, node).Options.Node.ShutdownTimeout + HandOver
                + TimeSpan.FromSeconds(node.Container.Lifecycle.PreStop.Sleep.Seconds);
            var grace = TimeSpan.FromSeconds(node.Pod.TerminationGracePeriodSeconds ?? 0);
            Assert.True(grace > patience, $"{node} is killed after {grace}, and may need {patience}");
        });
    }

    private static ClusterRole RoleOf(ListenerSection listener) =>
        listener.Protocol is ListenerProtocol.Smtp or ListenerProtocol.Submission
            ? ClusterRole.Smtp
            : ClusterRole.Access;

    private static string[] HealthPaths()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<IReadiness>(_ => throw new InvalidOperationException("nobody asks"));
        var app = builder.Build();
        HealthEndpoints.Map(app);
        return
        [
            .. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText!),
        ];
    }

    /// <summary>
    /// Runs a command with a configuration file that is not there: what it has to complain of tells how far it came.
    /// </summary>
    private static async Task<WhatRefuses> RunAsync(string[] arguments)
    {
        const string missing = "/no/such/file.json";
        using var error = new StringWriter();
        var terminal = new Terminal(TextReader.Null, TextWriter.Null, error, null, new Dictionary<string, string>());
        var exitCode = await CommandLine.RunAsync(
            [.. arguments, "--config", missing], (_, _) => Task.FromResult(CommandLine.Done), terminal);
        Assert.Equal(CommandLine.WrongUsage, exitCode);
        return error.ToString().Contains($"--config \"{missing}\"", StringComparison.Ordinal)
            ? WhatRefuses.MissingFile
            : WhatRefuses.Usage;
    }

    private enum WhatRefuses
    {
        Usage,
        MissingFile,
    }
}
