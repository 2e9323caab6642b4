namespace MailCluster.Kubernetes.Tests.Rendering;

/// <summary>A theory over rendered overlays; skipped, with a word why, where nothing renders them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Kubectl.Missing;
}
