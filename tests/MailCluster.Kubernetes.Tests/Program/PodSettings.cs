using k8s.Models;
using MailCluster.Kubernetes.Tests.Rendering;
using MailCluster.Node.Configuration;

namespace MailCluster.Kubernetes.Tests.Program;

/// <summary>The settings that the program in a pod starts with, read by the program itself.</summary>
internal static class PodSettings
{
    /// <summary>Where the program looks when nobody names a file.</summary>
    private const string ConfigurationFile = "/etc/mailcluster/mailcluster.json";

    private const string PodAddress = "10.1.2.3";

    /// <exception cref="ConfigurationException">The program would refuse to start.</exception>
    public static LoadedConfiguration Of(Overlay overlay, Workload workload)
    {
        using var folder = new PodFolder(overlay, workload);
        var file = folder.Path(ConfigurationFile);
        if (!File.Exists(file))
        {
            // Not the one that this machine may have.
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "{}");
        }

        var loaded = LoadedConfiguration.Load(new ConfigurationSources
        {
            File = file,
            Environment = Environment(overlay, workload)
                .ToDictionary(variable => variable.Name, variable => folder.Inside(variable.Value)),
        });
        return loaded with
        {
            Settings = [.. loaded.Settings.Select(setting => setting with { Value = folder.Outside(setting.Value) })],
        };
    }

    /// <summary>The container's environment: what stands in ConfigMaps first, since its own goes over that.</summary>
    public static IEnumerable<(string Name, string Value)> Environment(Overlay overlay, Workload workload)
    {
        var own = workload.Container.Env.Select(variable => (variable.Name, ValueOf(variable))).ToArray();
        var shared = (workload.Container.EnvFrom ?? [])
            .SelectMany(source => overlay.Named<V1ConfigMap>(source.ConfigMapRef.Name).Data)
            .Select(pair => (Name: pair.Key, pair.Value));
        return [.. shared.ExceptBy(own.Select(variable => variable.Name), variable => variable.Name), .. own];
    }

    private static string ValueOf(V1EnvVar variable)
    {
        if (variable.Value is not null)
        {
            return variable.Value;
        }

        Assert.Equal("status.podIP", variable.ValueFrom.FieldRef.FieldPath);
        return PodAddress;
    }
}
