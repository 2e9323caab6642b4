using System.CommandLine;
using MailCluster.Node.Configuration;
using MailCluster.Node.Tls;

namespace MailCluster.Node.Commands;

/// <summary>The settings in force. Secrets are no settings, only the files that hold them: all can be shown.</summary>
internal static class ConfigCommands
{
    public static Command Create(SettingsOptions settings, Terminal terminal) => new ExampleCommand(
        "config",
        "The settings in force: those of file, environment and command line over the defaults.",
        """
          mailcluster config check --config mailcluster.json
          mailcluster config show --set Queue:RetryDelays=1m,5m,30m
        """)
    {
        Show(settings, terminal), Check(settings, terminal),
    };

    private static Command Show(SettingsOptions settings, Terminal terminal)
    {
        var json = Arguments.Json();
        var changed = new Option<bool>("--changed") { Description = "Only settings that are not the default." };
        var command = new Command("show", "Shows every setting, its value, and what is allowed.") { changed, json };
        command.SetAction(parsed =>
        {
            var shown = settings.Load(parsed).Settings
                .Where(setting => !setting.IsDefault || !parsed.GetValue(changed))
                .ToArray();
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(shown.ToDictionary(setting => setting.Key, setting => setting.Value));
                return CommandLine.Done;
            }

            var table = new TextTable("SETTING", "VALUE", "ALLOWED");
            foreach (var setting in shown)
            {
                table.Add(setting.Key, setting.Value, setting.Allowed);
            }

            table.Write(terminal.Output);
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Check(SettingsOptions settings, Terminal terminal)
    {
        var command = new Command("check", "Says whether a node would start with these settings.");
        command.SetAction(parsed =>
        {
            var loaded = settings.Load(parsed);
            CheckFiles(loaded.Options);
            var file = loaded.File ?? "no file, defaults";
            terminal.Output.WriteLine($"Right: {file}, data in {loaded.Options.Node.DataFolder}.");
            return CommandLine.Done;
        });
        return command;
    }

    /// <summary>What is only read when it is needed: a wrong file is better found now.</summary>
    private static void CheckFiles(MailClusterOptions options)
    {
        if (options.Tls.Certificate is not null)
        {
            ServerCertificate.Load(options.Tls, options.Node, TimeProvider.System);
        }

        options.Relay.SmartHost?.ReadPassword();
        foreach (var route in options.Relay.Routes)
        {
            route.NextHop.ReadPassword();
        }
    }
}
