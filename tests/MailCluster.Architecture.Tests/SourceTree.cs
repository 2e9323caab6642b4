using System.Runtime.CompilerServices;

namespace MailCluster.Architecture.Tests;

/// <summary>The checkout that this test was built from.</summary>
internal static class SourceTree
{
    public static readonly string Root = FindRoot();

    public static IEnumerable<string> SourceFiles(string project) => Directory
        .EnumerateFiles(Path.Combine(Root, "src", project), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(thisFile)!);
        while (!File.Exists(Path.Combine(folder.FullName, "MailCluster.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("MailCluster.sln is in no folder above this test.");
        }

        return folder.FullName;
    }
}
