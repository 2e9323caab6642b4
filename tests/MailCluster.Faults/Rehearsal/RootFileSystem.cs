using k8s.Models;

namespace MailCluster.Faults.Rehearsal;

/// <summary>
/// The script that makes a container out of a process which has its own namespaces already: a root with the image's
/// program, this machine's /usr and the pod's volumes, and nothing else of this machine; then the user of the spec.
/// </summary>
internal static class RootFileSystem
{
    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom"];

    /// <param name="etc">Files that the kubelet writes for the pod: resolv.conf and the like.</param>
    public static string Script(
        string root, string etc, string name, Image image, PodVolumes volumes, V1PodSpec pod, V1Container container)
    {
        string[] lines =
        [
            "set -e",
            $"hostname {name}",
            $"mount -t tmpfs -o mode=755 tmpfs {root}",
            $"cd {root}",
            "mkdir -p usr proc sys dev tmp run var etc/ssl app",
            "ln -s usr/bin usr/sbin usr/lib usr/lib64 .",
            "mount --bind -o ro /usr usr",
            "mount --rbind -o ro /sys sys",
            "mount -t proc proc proc",
            "mount --bind -o ro /etc/ssl etc/ssl",
            $"mkdir -p .{Image.Runtime}",
            $"mount --bind -o ro {Image.Runtime} .{Image.Runtime}",
            $"mount --bind {image.App} app",
            $"cp {etc}/* etc/",
            .. Devices.Select(device => $"touch dev/{device}; mount --bind /dev/{device} dev/{device}"),
            // A mount upon a mount comes after it.
            .. (container.VolumeMounts ?? []).OrderBy(mount => mount.MountPath.Length)
                .SelectMany(mount => Mount(volumes, mount)),
            .. (string[])(container.SecurityContext?.ReadOnlyRootFilesystem == true
                ? ["mount -o remount,ro,bind app", "mount -o remount,ro ."]
                : []),
            $"exec chroot . {string.Join(' ', Enter(pod, container, image))} \"$@\"",
        ];
        return string.Join('\n', lines);
    }

    /// <summary>What stands before a command within the root: no more rights than the spec leaves.</summary>
    public static string[] Enter(V1PodSpec pod, V1Container container, Image image)
    {
        var (context, own) = (pod.SecurityContext, container.SecurityContext);
        var dropsAll = own?.Capabilities?.Drop?.Contains("ALL") == true;
        return
        [
            "/usr/bin/setpriv", $"--reuid={context.RunAsUser}", $"--regid={context.RunAsGroup}",
            $"--groups={context.FsGroup}",
            .. (string[])(own?.AllowPrivilegeEscalation == false ? ["--no-new-privs"] : []),
            .. (string[])(dropsAll ? ["--inh-caps=-all", "--bounding-set=-all"] : []),
            "--pdeathsig=KILL", "/usr/bin/env", "-C", image.WorkingFolder,
        ];
    }

    private static IEnumerable<string> Mount(PodVolumes volumes, V1VolumeMount mount)
    {
        var (source, target) = (volumes.SourceOf(mount), mount.MountPath[1..]);
        yield return mount.SubPath is null
            ? $"mkdir -p {target}"
            : $"mkdir -p {Path.GetDirectoryName(target)}; touch {target}";
        yield return $"mount --bind {source} {target}";
        if (mount.ReadOnlyProperty == true)
        {
            yield return $"mount -o remount,ro,bind {target}";
        }
    }
}
