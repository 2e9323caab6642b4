using MailCluster.Faults.Cluster;
namespace MailCluster.Faults.Rehearsal;

/// <summary>What every pod is made with.</summary>
internal sealed record Machine(Manifests Manifests, Image Image, PodNetwork Network, ClusterDns Dns, string Folder)
{
    private readonly Lock _one = new();

    /// <summary>As <c>kubectl get events</c> would have it.</summary>
    public string Events => Path.Combine(Folder, "events.log");

    public void Tell(string pod, string what)
    {
        lock (_one)
        {
            File.AppendAllText(Events, $"{DateTime.UtcNow:HH:mm:ss.fff} {pod}: {what}\n");
        }
    }
}
