using System.Diagnostics;

namespace MailCluster.Benchmarks.Servers;

/// <summary>Programs of the system that do one thing and end.</summary>
internal static class ExternalProgram
{
    /// <summary>What it said; throws where it failed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (exitCode, said) = await TryRunAsync(program, arguments);
        return exitCode == 0
            ? said
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {said}");
    }

    /// <summary>With a line that it reads from its standard input.</summary>
    public static async Task<string> RunWithInputAsync(string line, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteLineAsync(line);
        process.StandardInput.Close();
        var (exitCode, said) = await ReadAsync(process);
        return exitCode == 0
            ? said
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {said}");
    }

    public static async Task<(int ExitCode, string Said)> TryRunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        return await ReadAsync(process);
    }

    private static async Task<(int ExitCode, string Said)> ReadAsync(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said + await errors);
    }
}
