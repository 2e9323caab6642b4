using System.CommandLine;
using MailCluster.Benchmarks.Report;

namespace MailCluster.Benchmarks.Imap;

/// <summary>The command that measures IMAP.</summary>
internal static class ImapCommand
{
    public static Command Create(Option<bool> quick, Option<int> rounds)
    {
        var only = new Option<string[]>("--only")
        {
            Description = $"Only these parts: {string.Join(", ", ImapBenchmark.Parts)}.",
            AllowMultipleArgumentsPerToken = true,
        };
        only.AcceptOnlyFromAmong(ImapBenchmark.Parts);
        var server = new Option<string[]>("--server") { Description = "Only this server: mailcluster or dovecot." };
        server.AcceptOnlyFromAmong(ImapBenchmark.Servers);
        var command = new Command("imap", "Measures IMAP beside Dovecot on this machine and prints one table.")
        {
            only, server,
        };
        command.SetAction((result, _) => RunAsync(
            result.GetValue(quick), result.GetValue(rounds),
            result.GetValue(only) is { Length: > 0 } some ? some : ImapBenchmark.Parts,
            result.GetValue(server) is { Length: > 0 } one ? one : ImapBenchmark.Servers));
        return command;
    }

    private static async Task<int> RunAsync(bool quick, int rounds, string[] parts, string[] servers)
    {
        if (servers.Contains("dovecot") && DovecotServer.Missing is { } missing)
        {
            Console.Error.WriteLine($"The benchmark needs {missing}.");
            return 1;
        }

        using var settings = new BenchmarkSettings(quick, rounds > 0 ? rounds : quick ? 2 : 5);
        var table = new Table(
            "what", "MailCluster", "Dovecot", "ratio, median (range of rounds), above 1 MailCluster is better",
            "CPU s/1000", "of Dovecot");
        Console.WriteLine(
            $"{Environment.ProcessorCount} processors, data on {settings.FileSystem}, {settings.Rounds} rounds");
        await new ImapBenchmark(settings, new ImapSizes(quick), table).RunAsync(parts, servers);
        table.Print();
        return 0;
    }
}
