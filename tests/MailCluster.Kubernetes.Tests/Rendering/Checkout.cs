using System.Runtime.CompilerServices;

namespace MailCluster.Kubernetes.Tests.Rendering;

/// <summary>The checkout that this test was built from.</summary>
internal static class Checkout
{
    private static readonly string Root = FindRoot();

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    public static string Text(params string[] path) => System.IO.File.ReadAllText(File(path));

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(thisFile)!);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "MailCluster.sln")))
        {
            folder = folder.Parent
                ?? throw new InvalidOperationException("MailCluster.sln is in no folder above this test.");
        }

        return folder.FullName;
    }
}
