using System.Diagnostics;

namespace MailCluster.Faults.Cluster;

/// <summary>Programs of the machine.</summary>
internal static class Shell
{
    /// <summary>Where a program is, or null where this machine has none of that name.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static Task RunAsync(string program, params string[] arguments) => RunWithInputAsync("", program, arguments);

    public static Task RunWithInputAsync(string input, string program, params string[] arguments) =>
        RunWithInputAsync(input, null, program, arguments);

    /// <param name="input">All that it reads.</param>
    /// <param name="environment">All its variables; null for those of this process.</param>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task RunWithInputAsync(
        string input, IReadOnlyDictionary<string, string>? environment, string program, params string[] arguments)
    {
        if (await TryRunWithInputAsync(input, environment, program, arguments) is { } said)
        {
            throw new FaultException($"{program} {string.Join(' ', arguments)}: {said}");
        }
    }

    /// <summary>What it said where it failed, or null.</summary>
    public static Task<string?> TryRunAsync(string program, params string[] arguments) =>
        TryRunWithInputAsync("", null, program, arguments);

    /// <summary>These variables and no others.</summary>
    public static void Adopt(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
    }

    private static async Task<string?> TryRunWithInputAsync(
        string input, IReadOnlyDictionary<string, string>? environment, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (environment is not null)
        {
            Adopt(start, environment);
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : $"{await error}{await output}";
    }
}
