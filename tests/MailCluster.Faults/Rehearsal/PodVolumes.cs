using System.Text;
using k8s.Models;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Rehearsal;

/// <summary>The volumes of one pod, as the kubelet lays them out on its machine: with the group of fsGroup.</summary>
internal sealed class PodVolumes
{
    private const int DefaultMode = 0x1A4; // 0644
    private const string Everything = "2777";

    private readonly string _folder;
    private readonly string _group;

    private PodVolumes(string folder, V1PodSpec pod)
    {
        _folder = folder;
        _group = $"0:{pod.SecurityContext?.FsGroup ?? 0}";
    }

    public static async Task<PodVolumes> PrepareAsync(string folder, V1PodSpec pod, Manifests manifests)
    {
        var volumes = new PodVolumes(folder, pod);
        foreach (var volume in pod.Volumes)
        {
            await volumes.PrepareAsync(volume, manifests);
        }

        return volumes;
    }

    /// <summary>What is mounted for a container: a volume's folder, or one file of it.</summary>
    public string SourceOf(V1VolumeMount mount)
    {
        var folder = Path.Combine(_folder, mount.Name);
        // A file of a subPath is the file itself: it does not follow later changes.
        return mount.SubPath is null ? folder : Path.Combine(folder, "..data", mount.SubPath);
    }

    private async Task PrepareAsync(V1Volume volume, Manifests manifests)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, volume.Name)).FullName;
        if (volume.EmptyDir is not null)
        {
            await Shell.RunAsync("chown", _group, folder);
            await Shell.RunAsync("chmod", Everything, folder);
        }
        else if (volume.ConfigMap is { } map)
        {
            var data = manifests.Named<V1ConfigMap>(map.Name).Data;
            var files = data.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value));
            await WriteAsync(folder, files, map.DefaultMode);
        }
        else if (volume.Secret is { } secret)
        {
            await WriteAsync(folder, manifests.Named<V1Secret>(secret.SecretName).Data, secret.DefaultMode);
        }
        else
        {
            throw new NotSupportedException($"volume {volume.Name} is of a kind that the rehearsal does not have");
        }
    }

    /// <summary>Each file is a link into ..data, itself a link that is changed in one step with the contents.</summary>
    private async Task WriteAsync(string folder, IDictionary<string, byte[]> files, int? mode)
    {
        const string version = "..1";
        Directory.CreateDirectory(Path.Combine(folder, version));
        File.CreateSymbolicLink(Path.Combine(folder, "..data"), version);
        foreach (var (name, content) in files)
        {
            var file = Path.Combine(folder, version, name);
            await File.WriteAllBytesAsync(file, content);
            await Shell.RunAsync("chown", _group, file);
            await Shell.RunAsync("chmod", Convert.ToString(mode ?? DefaultMode, 8), file);
            File.CreateSymbolicLink(Path.Combine(folder, name), $"..data/{name}");
        }
    }
}
