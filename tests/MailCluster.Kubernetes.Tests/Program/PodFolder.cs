using k8s.Models;
using MailCluster.Kubernetes.Tests.Rendering;

namespace MailCluster.Kubernetes.Tests.Program;

/// <summary>
/// What a pod finds mounted, laid out below a folder of the test: what its ConfigMaps and Secrets have, and nothing
/// else. The program, which looks whether files are there, then looks at these.
/// </summary>
internal sealed class PodFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mailcluster-pod-").FullName;
    private readonly List<string> _mounts = [];

    public PodFolder(Overlay overlay, Workload workload)
    {
        foreach (var mount in workload.Container.VolumeMounts)
        {
            var files = FilesOf(overlay, workload.Pod.Volumes.Single(volume => volume.Name == mount.Name));
            foreach (var (name, content) in files)
            {
                Write(mount, name, content);
            }

            if (files.Count > 0)
            {
                _mounts.Add(mount.MountPath);
            }
        }

        // Files name files, too.
        foreach (var file in Directory.EnumerateFiles(_root, "*.json", SearchOption.AllDirectories))
        {
            File.WriteAllText(file, Inside(File.ReadAllText(file)));
        }
    }

    /// <summary>Where a file of the pod is on this machine.</summary>
    public string Path(string inPod) => _root + inPod;

    /// <summary>A setting of the pod for a program on this machine: its paths lead to the folder.</summary>
    public string Inside(string setting) => _mounts.Aggregate(
        setting, (text, mount) => text.Replace(mount, Path(mount), StringComparison.Ordinal));

    /// <summary>The other way round.</summary>
    public string Outside(string setting) => setting.Replace(_root, "", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static Dictionary<string, string> FilesOf(Overlay overlay, V1Volume volume)
    {
        if (volume.ConfigMap is { } map)
        {
            return new(overlay.Named<V1ConfigMap>(map.Name).Data);
        }

        return volume.Secret is { } secret
            ? Secrets.KeysOf(overlay, secret.SecretName).ToDictionary(key => key, _ => "a secret")
            : [];
    }

    private void Write(V1VolumeMount mount, string name, string content)
    {
        if (mount.SubPath is not null && mount.SubPath != name)
        {
            return;
        }

        var path = Path(mount.SubPath is null ? $"{mount.MountPath}/{name}" : mount.MountPath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
