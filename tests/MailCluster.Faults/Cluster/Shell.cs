using System.Diagnostics;

namespace MailCluster.Faults.Cluster;

/// <summary>Programs of the machine.</summary>
internal static class Shell
{
    public static Task RunAsync(string program, params string[] arguments) => RunWithInputAsync("", program, arguments);

    public static async Task RunWithInputAsync(string input, string program, params string[] arguments)
    {
        if (await TryRunWithInputAsync(input, program, arguments) is { } said)
        {
            throw new FaultException($"{program} {string.Join(' ', arguments)}: {said}");
        }
    }

    /// <summary>What it said where it failed, or null.</summary>
    public static Task<string?> TryRunAsync(string program, params string[] arguments) =>
        TryRunWithInputAsync("", program, arguments);

    private static async Task<string?> TryRunWithInputAsync(string input, string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : $"{await error}{await output}";
    }
}
