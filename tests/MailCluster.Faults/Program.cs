using System.CommandLine;
using MailCluster.Faults;
using MailCluster.Faults.Scenarios;

// Breaks a cluster in every way that has a name here, under load, and counts every message. Bounded unless --full.
using var interruption = new Interruption();
var full = new Option<bool>("--full") { Description = "All rounds and all durations: about an hour." };
var only = new Option<string[]>("--only") { Description = "Names of scenarios.", AllowMultipleArgumentsPerToken = true };
var seed = new Option<int>("--seed") { Description = "Of the dice.", DefaultValueFactory = _ => Environment.TickCount & 0xFFFF };
var root = new RootCommand("Breaks a cluster of MailCluster nodes and counts every message.") { full, only, seed };
root.SetAction(async parsed =>
{
    var settings = new FaultSettings(parsed.GetValue(full), parsed.GetValue(seed));
    var chosen = parsed.GetValue(only) ?? [];
    Scenario[] scenarios =
    [
        new KillScenario(settings), new PauseScenario(settings), new PartitionScenario(settings),
        new DatabaseScenario(settings), new RollingScenario(settings), new FailOverTimeScenario(settings),
        new ImapScenario(settings), new CostScenario(settings), new FormationScenario(settings),
        new RehearsalScenario(settings),
    ];
    var report = new Report();
    report.Note($"seed {settings.Seed}");
    foreach (var scenario in scenarios.Where(s => chosen.Length == 0 || chosen.Contains(s.Name)))
    {
        if (await scenario.FindMissingAsync() is { } missing)
        {
            report.Skip(scenario.Name, missing);
            continue;
        }

        try
        {
            await scenario.RunAsync(report);
            report.Pass(scenario.Name);
        }
        catch (Exception wrong)
        {
            report.Fail($"{scenario.Name}: {wrong}");
        }
    }

    if (Environment.GetEnvironmentVariable("FAULTS_RESULTS") is { Length: > 0 } file)
    {
        await File.AppendAllTextAsync(file, $"{report.Passed} {report.Failed} {report.Skipped}\n");
    }

    return report.Failed == 0 ? 0 : 1;
});
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
