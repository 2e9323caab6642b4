using System.Globalization;
using System.Net;
using k8s.Models;

namespace MailCluster.Faults.Rehearsal;

/// <summary>All variables that a container starts with.</summary>
internal static class PodEnvironment
{
    /// <summary>What the runtime gives to its heap where a container has a limit.</summary>
    private const decimal HeapShare = 0.75m;

    public static Dictionary<string, string> Of(
        string pod, IPAddress address, V1Container container, Manifests manifests, Image image)
    {
        var all = new Dictionary<string, string>(image.Environment, StringComparer.Ordinal)
        {
            ["HOSTNAME"] = pod,
            // Every container gets these, with enableServiceLinks or without.
            ["KUBERNETES_SERVICE_HOST"] = "10.96.0.1",
            ["KUBERNETES_SERVICE_PORT"] = "443",
        };
        if (MemoryLimit(container) is { } limit)
        {
            // No control group here says so to the runtime.
            all["DOTNET_GCHeapHardLimit"] = ((long)(limit * HeapShare)).ToString("X", CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in (container.EnvFrom ?? [])
            .SelectMany(source => manifests.Named<V1ConfigMap>(source.ConfigMapRef.Name).Data))
        {
            all[name] = value;
        }

        foreach (var variable in container.Env ?? [])
        {
            all[variable.Name] = variable.Value
                ?? FieldOf(variable.ValueFrom.FieldRef?.FieldPath, pod, address, manifests);
        }

        return all;
    }

    public static long? MemoryLimit(V1Container container) =>
        container.Resources?.Limits?.TryGetValue("memory", out var limit) == true ? limit.ToInt64() : null;

    private static string FieldOf(string? field, string pod, IPAddress address, Manifests manifests) => field switch
    {
        "status.podIP" => address.ToString(),
        "metadata.name" => pod,
        "metadata.namespace" => manifests.Namespace,
        _ => throw new NotSupportedException($"the rehearsal knows no variable from {field ?? "there"}"),
    };
}
