using System.Text.RegularExpressions;
using MailCluster.Kubernetes.Tests.Rendering;
using MailCluster.Node.Configuration;

namespace MailCluster.Kubernetes.Tests;

/// <summary>The Dockerfile fits the manifests and the repository; nothing here builds it.</summary>
public sealed partial class ImageTests
{
    private static readonly string[] Dockerfile = Checkout.Text("k8s", "Dockerfile").Split('\n');

    [Fact]
    public void Its_bases_have_a_version_and_the_last_has_no_shell()
    {
        var bases = Arguments("FROM").Select(text => BaseImage().Match(text).Value).ToArray();
        Assert.All(bases, name => Assert.Matches(@":10\.0-", name));
        Assert.EndsWith("-chiseled", bases[^1]);
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Its_user_is_that_of_the_pods(string overlay) => Assert.All(
        Overlay.Of(overlay).Ours.Select(workload => workload.Pod.SecurityContext),
        pod => Assert.Equal(Assert.Single(Arguments("USER")), $"{pod.RunAsUser}:{pod.RunAsGroup}"));

    [KubectlFact]
    public void It_tells_of_every_port()
    {
        var ports = Overlay.Of(Overlays.Production).Nodes.SelectMany(node => node.Container.Ports)
            .Select(port => $"{port.ContainerPort}").Distinct();
        Assert.Equal(ports.Order(), Assert.Single(Arguments("EXPOSE")).Split(' ').Order());
    }

    [Fact]
    public void It_starts_the_program_that_it_built()
    {
        var program = typeof(MailClusterOptions).Assembly.GetName().Name;
        Assert.Contains($"ln -s {program} /app/mailcluster", Arguments("RUN"));
        Assert.Equal("""["/app/mailcluster"]""", Assert.Single(Arguments("ENTRYPOINT")));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public void Its_home_is_a_folder_that_every_pod_may_write(string overlay)
    {
        const string home = "/tmp";
        Assert.Contains($"    HOME={home}", Dockerfile);
        Assert.All(Overlay.Of(overlay).Ours, workload =>
        {
            var mount = Assert.Single(workload.Container.VolumeMounts, mount => mount.MountPath == home);
            Assert.NotNull(workload.Pod.Volumes.Single(volume => volume.Name == mount.Name).EmptyDir);
        });
    }

    [Fact]
    public void What_is_sent_to_the_builder_is_there_and_enough()
    {
        string[] needed =
            ["src", ".editorconfig", "Directory.Build.props", "Directory.Packages.props", "global.json"];
        var sent = Checkout.Text("k8s", "Dockerfile.dockerignore").Split('\n')
            .Where(line => line.StartsWith('!')).Select(line => line[1..]);
        Assert.Equal(needed.Order(), sent.Order());
        Assert.All(needed, name => Assert.True(Path.Exists(Checkout.File(name)), name));
    }

    private static IEnumerable<string> Arguments(string instruction) => Dockerfile
        .Where(line => line.StartsWith(instruction + ' ', StringComparison.Ordinal))
        .Select(line => line[(instruction.Length + 1)..]);

    [GeneratedRegex(@"mcr\.microsoft\.com/\S+")]
    private static partial Regex BaseImage();
}
