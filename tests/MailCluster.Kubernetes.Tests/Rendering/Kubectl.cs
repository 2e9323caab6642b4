using System.Diagnostics;

namespace MailCluster.Kubernetes.Tests.Rendering;

/// <summary>The program that renders overlays as <c>kubectl apply -k</c> would.</summary>
internal static class Kubectl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Program and its arguments before the folder; null where this machine has neither.</summary>
    private static readonly (string Program, string[] Arguments)? Renderer = Find();

    /// <summary>What is missing, for tests that cannot run without it; null where nothing is.</summary>
    public static string? Missing { get; } =
        Renderer is null ? "neither kubectl nor kustomize is on the PATH" : null;

    /// <summary>The objects of a kustomization, as YAML.</summary>
    public static string Render(string folder)
    {
        var (program, arguments) = Renderer ?? throw new InvalidOperationException(Missing);
        var start = new ProcessStartInfo(program, [.. arguments, folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new TimeoutException($"{program} did not render {folder} within {Patience}.");
        }

        return process.ExitCode == 0
            ? output.Result
            : throw new InvalidOperationException($"{program} cannot render {folder}: {error.Result}");
    }

    private static (string, string[])? Find()
    {
        if (OnPath("kubectl") is { } kubectl)
        {
            return (kubectl, ["kustomize"]);
        }

        return OnPath("kustomize") is { } kustomize ? (kustomize, ["build"]) : null;
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);
}
