namespace MailCluster.Kubernetes.Tests.Rendering;

/// <summary>The overlays under k8s/overlays.</summary>
public static class Overlays
{
    public const string Dev = "dev";
    public const string Production = "production";

    public static TheoryData<string> Names => [Dev, Production];
}
