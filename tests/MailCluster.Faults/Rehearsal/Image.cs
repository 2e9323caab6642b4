using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using MailCluster.Faults.Cluster;
using MailCluster.Kubernetes.Tests.Rendering;

namespace MailCluster.Faults.Rehearsal;

/// <summary>What k8s/Dockerfile would make of the program as it was built here: /app, entry point, variables.</summary>
internal sealed partial class Image
{
    /// <summary>Of the image it is made from.</summary>
    public const string Users = "root:x:0:0:root:/root:/bin/false\napp:x:1654:1654::/home/app:/bin/false\n";

    private Image(string app, string dockerfile)
    {
        App = app;
        EntryPoint = JsonSerializer.Deserialize<string[]>(EntryPointLine().Match(dockerfile).Groups[1].Value)!;
        WorkingFolder = WorkingFolderLine().Matches(dockerfile)[^1].Groups[1].Value;
        foreach (Match variable in VariableWords().Matches(dockerfile))
        {
            Environment[variable.Groups[1].Value] = variable.Groups[2].Value;
        }
    }

    /// <summary>Stands at /app.</summary>
    public string App { get; }

    public string[] EntryPoint { get; }

    public string WorkingFolder { get; }

    /// <summary>Of the image it is made from, aspnet:10.0-noble-chiseled, and its own. No ICU is in there.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["DOTNET_RUNNING_IN_CONTAINER"] = "true",
        ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "true",
        ["ASPNETCORE_HTTP_PORTS"] = "8080",
        ["APP_UID"] = "1654",
        // Where the runtime is on this machine.
        ["DOTNET_ROOT"] = Runtime,
    };

    public static string Runtime { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <param name="folder">Where the copy of the program goes.</param>
    public static async Task<Image> BuildAsync(string folder)
    {
        var built = Checkout.File("src", "MailCluster.Node", "bin", "Release", "net10.0");
        var app = Path.Combine(folder, "app");
        await Shell.RunAsync("cp", "-a", built, app);
        var dockerfile = await File.ReadAllTextAsync(Checkout.File("k8s", "Dockerfile"));
        var link = LinkLine().Match(dockerfile);
        File.CreateSymbolicLink(Path.Combine(app, link.Groups[2].Value), link.Groups[1].Value);
        return new Image(app, dockerfile);
    }

    [GeneratedRegex(@"^RUN ln -s (\S+) /app/(\S+)$", RegexOptions.Multiline)]
    private static partial Regex LinkLine();

    [GeneratedRegex(@"^ENTRYPOINT (\[.+\])$", RegexOptions.Multiline)]
    private static partial Regex EntryPointLine();

    [GeneratedRegex(@"^WORKDIR (\S+)$", RegexOptions.Multiline)]
    private static partial Regex WorkingFolderLine();

    // ENV NAME=value \
    //     NAME=value
    [GeneratedRegex(@"^(?:ENV | {4})([A-Z_]+)=(\S+)(?: \\)?$", RegexOptions.Multiline)]
    private static partial Regex VariableWords();
}
