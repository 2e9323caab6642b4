using System.CommandLine;
using MailCluster.Benchmarks;
using MailCluster.Benchmarks.Imap;
using MailCluster.Benchmarks.Report;
using MailCluster.Benchmarks.Runs;
using MailCluster.Benchmarks.Servers;

string[] parts = ["acceptance", "relay", "idle", "queued"];
var quick = new Option<bool>("--quick")
{
    Description = "Fewer messages and rounds: does it work, and how fast about.",
    Recursive = true,
};
var rounds = new Option<int>("--rounds")
{
    Description = "Rounds of each row; the default is 5, with --quick 3, of imap 2.",
    Recursive = true,
};
var only = new Option<string[]>("--only") { Description = $"Only these parts: {string.Join(", ", parts)}.", AllowMultipleArgumentsPerToken = true };
only.AcceptOnlyFromAmong(parts);
var root = new RootCommand("Measures the server beside Postfix on this machine and prints one table.")
{
    quick, rounds, only, ImapCommand.Create(quick, rounds),
};
root.SetAction(async (result, _) =>
{
    if (PostfixServer.Missing is { } missing)
    {
        Console.Error.WriteLine($"The benchmark needs {missing}.");
        return 1;
    }

    var isQuick = result.GetValue(quick);
    var wanted = result.GetValue(only) is { Length: > 0 } some ? some : parts;
    using var settings = new BenchmarkSettings(
        isQuick, result.GetValue(rounds) is > 0 and var number ? number : isQuick ? 3 : 5);
    var table = new Table(
        "what", "MailCluster", "Postfix", "ratio, median (range of rounds)", "no server", "CPU s/1000", "of Postfix");
    var throughput = new ThroughputRun(settings, table);
    var memory = new MemoryRun(settings, table);
    Console.WriteLine($"{Environment.ProcessorCount} processors, data on {settings.FileSystem}, {settings.Rounds} rounds");
    foreach (var part in wanted)
    {
        await (part switch
        {
            "acceptance" => throughput.MeasureAcceptanceAsync(),
            "relay" => throughput.MeasureRelayAsync(),
            "idle" => memory.MeasureIdleAsync(),
            _ => memory.MeasureQueuedAsync(),
        });
    }

    table.Print();
    return 0;
});
return await root.Parse(args).InvokeAsync();
