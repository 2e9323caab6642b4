namespace MailCluster.Kubernetes.Tests.Rendering;

/// <summary>A fact about rendered overlays; skipped, with a word why, where nothing renders them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = Kubectl.Missing;
}
