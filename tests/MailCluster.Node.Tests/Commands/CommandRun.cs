using System.Text.Json;
using MailCluster.Node.Commands;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Tests.Commands;

/// <summary>One run of the program in this process: what it answered, and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandRun> OfAsync(
        string dataFolder, string[] args, string input = "", Func<string, string>? readSecret = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var reader = new StringReader(input);
        var terminal = new Terminal(reader, output, error, readSecret, new Dictionary<string, string>());
        var exitCode = await CommandLine.RunAsync([.. args, "--data", dataFolder], RunNodeAsync, terminal);
        return new CommandRun(exitCode, output.ToString(), error.ToString());

        Task<int> RunNodeAsync(MailClusterOptions options, CancellationToken cancellation)
        {
            output.WriteLine($"node {options.Node.Hostname} {options.Node.DataFolder}");
            return Task.FromResult(0);
        }
    }

    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }
}
