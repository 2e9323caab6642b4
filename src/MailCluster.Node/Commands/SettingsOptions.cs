using System.CommandLine;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Commands;

/// <summary>The options that every command has: where its settings come from.</summary>
internal sealed class SettingsOptions(Terminal terminal)
{
    public Option<string?> Config { get; } = new("--config")
    {
        Description = "The configuration file. Without it: mailcluster.json of data folder or /etc/mailcluster.",
        HelpName = "file",
        Recursive = true,
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The data folder. Without it: Node:DataFolder of the configuration, or ./data.",
        HelpName = "folder",
        Recursive = true,
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Sets one setting, such as Smtp:MaxErrors=5; wins over file and environment. May be repeated.",
        HelpName = "key=value",
        Recursive = true,
    };

    /// <exception cref="ConfigurationException">A setting is wrong.</exception>
    public LoadedConfiguration Load(ParseResult parsed) => LoadedConfiguration.Load(new ConfigurationSources
    {
        File = parsed.GetValue(Config),
        DataFolder = parsed.GetValue(Data),
        Assignments = [.. parsed.GetValue(Set) ?? []],
        Environment = terminal.Environment,
    });
}
